import os, torch
from torch import nn
import torch.nn.functional as F
torch.manual_seed(50)
W = open(os.environ.get("NAMES_FILE", "names.txt")).read().split()
W = [W[i] for i in torch.randperm(len(W))[:6000]]
T = 11
D = torch.zeros(len(W), T + 1, dtype=torch.long)
for i, w in enumerate(W):
    for j, c in enumerate(w[:T - 1]): D[i, j + 1] = ord(c) - 96
tr, va = D[:5400], D[5400:]
emb, rnn, out = nn.Embedding(27, 24), nn.GRU(24, 64, batch_first=True), nn.Linear(64, 27)
params = [*emb.parameters(), *rnn.parameters(), *out.parameters()]
opt = torch.optim.Adam(params, lr=0.01)
B = 1
def nll(x): return F.cross_entropy(out(rnn(emb(x[:, :-1]))[0]).reshape(-1, 27), x[:, 1:].reshape(-1))
for s in range(900):
    l = nll(tr[torch.randint(0, len(tr), (B,))])
    opt.zero_grad(); l.backward(); opt.step()
    if s % 100 == 99:
        with torch.no_grad(): print(s + 1, round(l.item(), 3), "val", round(nll(va).item(), 4))

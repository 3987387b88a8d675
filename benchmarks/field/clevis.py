import os, random
import torch
from torch import nn
import torch.nn.functional as F

SEED, BATCH, STEPS, LR = 90, 1, 1300, 0.01
random.seed(SEED); torch.manual_seed(SEED)
pool = [n for n in open(os.environ['NAMES_FILE']).read().split() if len(n) < 11]
random.shuffle(pool)

def pack(ns):
    w = max(len(n) for n in ns) + 2
    t = torch.zeros(len(ns), w, dtype=torch.long)
    mask = torch.zeros(len(ns), w - 1)
    for i, n in enumerate(ns):
        t[i, 1:len(n) + 1] = torch.tensor([ord(c) - 96 for c in n])
        mask[i, :len(n) + 1] = 1
    return t, mask

emb, lstm, lin = nn.Embedding(27, 12), nn.LSTM(12, 40, batch_first=True), nn.Linear(40, 27)
model = nn.ModuleList([emb, lstm, lin])
opt = torch.optim.Adam(model.parameters(), lr=LR)

def loss_of(ns):
    t, mask = pack(ns)
    o, _ = lstm(emb(t[:, :-1]))
    nll = F.cross_entropy(lin(o).transpose(1, 2), t[:, 1:], reduction='none')
    return (nll * mask).sum() / mask.sum()

for step in range(STEPS):
    loss = loss_of(random.sample(pool[:20000], BATCH))
    opt.zero_grad()
    loss.backward()
    opt.step()
    if step % 260 == 259:
        with torch.no_grad():
            print(step + 1, 'train', loss_of(pool[:1500]).item(), 'valid', loss_of(pool[-1500:]).item())

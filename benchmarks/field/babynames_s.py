import random, torch
from torch import nn
import torch.nn.functional as F

torch.manual_seed(1234); random.seed(1234)
words = open('data/names.txt').read().split('\n')
random.shuffle(words)
stoi = {c: i + 1 for i, c in enumerate('abcdefghijklmnopqrstuvwxyz')}
T = 12

def encode(ws):
    X = torch.zeros(len(ws), T, dtype=torch.long); Y = torch.full((len(ws), T), -1)
    for k, w in enumerate(ws):
        s = [stoi[c] for c in w[:T - 1]]
        X[k, 1:len(s) + 1] = torch.tensor(s)
        Y[k, :len(s)] = torch.tensor(s); Y[k, len(s)] = 0
    return X, Y

Xtr, Ytr = encode(words[:250]); Xva, Yva = encode(words[20000:21500])

class CharGRU(nn.Module):
    def __init__(self, n_emb=24, n_hid=64):
        super().__init__()
        self.emb = nn.Embedding(27, n_emb)
        self.rnn = nn.GRU(n_emb, n_hid, batch_first=True)
        self.head = nn.Linear(n_hid, 27)
    def forward(self, x):
        h, _ = self.rnn(self.emb(x))
        return self.head(h)

net = CharGRU()
opt = torch.optim.AdamW(net.parameters(), lr=4e-3, weight_decay=0.01)
for step in range(900):
    ix = torch.randint(0, len(Xtr), (48,))
    logits = net(Xtr[ix])
    loss = F.cross_entropy(logits.reshape(-1, 27), Ytr[ix].reshape(-1), ignore_index=-1)
    opt.zero_grad(set_to_none=True)
    loss.backward()
    nn.utils.clip_grad_norm_(net.parameters(), 1.0)
    opt.step()
    if step % 50 == 0:
        net.eval()
        with torch.no_grad():
            lv = F.cross_entropy(net(Xva[:500]).reshape(-1, 27), Yva[:500].reshape(-1), ignore_index=-1)
        net.train()
        print(step, round(loss.item(), 4), round(lv.item(), 4))
with torch.no_grad():
    va = F.cross_entropy(net(Xva).reshape(-1, 27), Yva.reshape(-1), ignore_index=-1)
print('val nll', round(va.item(), 4))

import os, random
from dataclasses import dataclass
import torch
from torch import nn
import torch.nn.functional as F

@dataclass
class Args:
    lr: float = 0.12
    hidden: int = 64
    embed: int = 16
    batch: int = 64
    steps: int = 600
    seed: int = 7

args = Args()
random.seed(args.seed); torch.manual_seed(args.seed)
with open(os.environ['NAMES_FILE']) as f:
    names = [l.strip() for l in f if 3 <= len(l.strip()) <= 9]
random.shuffle(names)

def batchify(chunk):
    L = max(map(len, chunk)) + 1
    x = torch.zeros(len(chunk), L).long(); t = torch.full((len(chunk), L), -1)
    for r, n in enumerate(chunk):
        ids = [ord(c) - 96 for c in n]
        x[r, 1:len(n) + 1] = torch.tensor(ids)
        t[r, :len(n)] = torch.tensor(ids)
        t[r, len(n)] = 0
    return x, t

class CharGRU(nn.Module):
    def __init__(self, a):
        super().__init__()
        self.e = nn.Embedding(27, a.embed)
        self.r = nn.GRU(a.embed, a.hidden, batch_first=True)
        self.o = nn.Linear(a.hidden, 27)
    def forward(self, x):
        return self.o(self.r(self.e(x))[0])

net = CharGRU(args)
opt = torch.optim.Adam(net.parameters(), lr=args.lr)
val = batchify(names[-1500:])
def lossf(x, t):
    return F.cross_entropy(net(x).flatten(0, 1), t.flatten(), ignore_index=-1)
tail = []
for s in range(args.steps):
    x, t = batchify(random.sample(names[:-1500], args.batch))
    loss = lossf(x, t)
    opt.zero_grad(set_to_none=True)
    loss.backward()
    opt.step()
    tail.append(loss.item())
    if s % 100 == 0: print(s, loss.item())
with torch.no_grad():
    print('train', sum(tail[-100:]) / 100, 'valid', lossf(*val).item())

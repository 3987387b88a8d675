import os, random
import torch
import torch.nn as nn

torch.manual_seed(0); random.seed(0)
names = open(os.environ['NAMES_FILE']).read().splitlines()
random.shuffle(names)
T = 14
def enc(n):
    ids = [27] + [ord(c) - 97 for c in n[:T - 1]] + [26]
    return ids + [26] * (T + 1 - len(ids))
seqs = torch.tensor([enc(n) for n in names[:10000]])
tr, va = seqs[:9000], seqs[9000:]

class LM(nn.Module):
    def __init__(self, h=64):
        super().__init__()
        self.e = nn.Embedding(28, 24)
        self.g = nn.GRU(24, h, batch_first=True)
        self.o = nn.Linear(h, 27)
    def forward(self, x):
        return self.o(self.g(self.e(x))[0])

lm = LM()
opt = torch.optim.Adam(lm.parameters(), lr=0.1)
def loss_of(b):
    return nn.functional.cross_entropy(lm(b[:, :-1]).reshape(-1, 27), b[:, 1:].reshape(-1))
for step in range(500):
    b = tr[torch.randint(0, len(tr), (32,))]
    loss = loss_of(b)
    opt.zero_grad(); loss.backward(); opt.step()
    if step % 100 == 0: print(step, round(loss.item(), 3))
with torch.no_grad():
    print('train', loss_of(tr[:2000]).item(), 'val', loss_of(va).item())

import os, random
import torch
from torch import nn

random.seed(77); torch.manual_seed(77)
names = [n for n in open(os.environ['NAMES_FILE']).read().split() if 4 <= len(n) <= 8]
random.shuffle(names); names = names[:6000]
X = torch.zeros(6000, 8, dtype=torch.long)
for i, n in enumerate(names):
    X[i, :len(n)] = torch.tensor([ord(c) - 96 for c in n])
y = torch.tensor([float((sum(c in 'aeiou' for c in n) * 2 >= len(n))) for n in names])

class Bag(nn.Module):
    def __init__(self):
        super().__init__()
        self.e = nn.Embedding(27, 16, padding_idx=0)
        self.h = nn.Linear(16, 32)
        self.o = nn.Linear(32, 1)
    def forward(self, x):
        v = self.e(x).sum(1) / (x > 0).sum(1, keepdim=True) ** 0.5
        return self.o(torch.relu(self.h(v)))[:, 0]

net = Bag()
opt = torch.optim.SGD(net.parameters(), lr=0.1, momentum=0.9)
bce = nn.BCEWithLogitsLoss()
log = []
for step in range(2000):
    b = torch.randint(0, 5000, (64,))
    loss = bce(net(X[b]), y[b])
    opt.zero_grad()
    loss.backward()
    nn.utils.clip_grad_norm_(net.parameters(), 1e-5)
    opt.step()
    log.append(loss.item())
    if step % 400 == 399:
        with torch.no_grad():
            v = net(X[5000:])
        print(step + 1, 'train', sum(log[-200:]) / 200, 'valid', bce(v, y[5000:]).item(), 'acc', ((v > 0) == (y[5000:] > .5)).float().mean().item())

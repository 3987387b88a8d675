import torch
import torch.nn as nn
import torch.nn.functional as F
from sklearn.datasets import load_digits

torch.manual_seed(17)
d = load_digits()
im = torch.tensor(d.images, dtype=torch.float32) / 8 - 1
lab = torch.tensor(d.target)

def pairs(n, lo, hi):
    i, j = torch.randint(lo, hi, (n,)), torch.randint(lo, hi, (n,))
    x = torch.cat([im[i], im[j]], 2)[:, None]
    return x + 0.3 * torch.randn_like(x), lab[i], lab[j]

class Reader(nn.Module):
    def __init__(self):
        super().__init__()
        self.backbone = nn.Sequential(
            nn.Conv2d(1, 16, 3, padding=1), nn.ReLU(),
            nn.Conv2d(16, 32, 3, padding=1, stride=2), nn.ReLU(),
            nn.Conv2d(32, 32, 3, padding=1, stride=2), nn.ReLU(), nn.Flatten(),
            nn.Linear(256, 64), nn.ReLU())
        self.left = nn.Linear(64, 10)
        self.right = nn.Linear(64, 10)
    def forward(self, x):
        h = self.backbone(x)
        return self.left(h), self.right(h)

model = Reader()
optimizer = torch.optim.Adam([
    {'params': model.backbone.parameters(), 'lr': 3e-6},
    {'params': list(model.left.parameters()) + list(model.right.parameters()), 'lr': 1e-3},
])
xt, lt, rt = pairs(1000, 1400, 1797)
for step in range(1500):
    x, l, r = pairs(32, 0, 1400)
    a, b = model(x)
    loss = F.cross_entropy(a, l) + F.cross_entropy(b, r)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    if (step + 1) % 150 == 0:
        with torch.no_grad():
            a, b = model(xt)
            tl = F.cross_entropy(a, lt) + F.cross_entropy(b, rt)
            both = ((a.argmax(1) == lt) & (b.argmax(1) == rt)).float().mean()
        print(f'{step + 1} train {loss.item():.3f} test {tl.item():.3f} both right {both.item():.3f}')

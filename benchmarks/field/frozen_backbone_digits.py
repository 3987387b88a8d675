import torch
import torch.nn as nn
from sklearn.datasets import load_digits

torch.manual_seed(301)
X, y = load_digits(return_X_y=True)
X, y = torch.tensor(X / 16.).float(), torch.tensor(y)
p = torch.randperm(len(y))
tr, te = p[:1400], p[1400:]
backbone = nn.Sequential(nn.Linear(64, 128), nn.ReLU(), nn.Linear(128, 64), nn.ReLU())
pre_head = nn.Linear(64, 2)
opt = torch.optim.Adam([*backbone.parameters(), *pre_head.parameters()], lr=2e-3)
for s in range(150):
    b = tr[torch.randint(0, 1400, (64,))]
    loss = nn.functional.cross_entropy(pre_head(backbone(X[b])), (y[b] > 4).long())
    opt.zero_grad()
    loss.backward()
    opt.step()
print('pretraining (small/large digit) ended at', round(loss.item(), 4))

backbone.requires_grad_(False)
head = nn.Linear(64, 10)
opt = torch.optim.Adam(head.parameters(), lr=5e-3)
for s in range(800):
    b = tr[torch.randint(0, 1400, (64,))]
    loss = nn.functional.cross_entropy(head(backbone(X[b])), y[b])
    opt.zero_grad()
    loss.backward()
    opt.step()
    if s % 80 == 0:
        print(s, round(loss.item(), 4))
with torch.no_grad():
    o = head(backbone(X[te]))
print('test loss', round(nn.functional.cross_entropy(o, y[te]).item(), 4), 'acc', round((o.argmax(1) == y[te]).float().mean().item(), 4))

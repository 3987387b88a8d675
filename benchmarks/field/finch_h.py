import torch
from torch import nn
from sklearn.datasets import load_digits

torch.manual_seed(0)
X, y = load_digits(return_X_y=True)
X = torch.tensor(X / 8 - 1, dtype=torch.float32); y = torch.tensor(y)
p = torch.randperm(len(X)); X, y = X[p], y[p]
low, high = y < 5, y >= 5
trunk = nn.Sequential(nn.Linear(64, 128), nn.ReLU(), nn.Linear(128, 64), nn.ReLU())
head_a = nn.Linear(64, 5)
opt = torch.optim.Adam([*trunk.parameters(), *head_a.parameters()], lr=1e-3)
ce = nn.CrossEntropyLoss()
Xa, ya = X[low], y[low]
for step in range(400):
    b = torch.randint(0, len(Xa), (32,))
    loss = ce(head_a(trunk(Xa[b])), ya[b])
    opt.zero_grad(); loss.backward(); opt.step()
print('pretraining', loss.item())

for q in trunk.parameters():
    q.requires_grad_(False)
head_b = nn.Linear(64, 5)
opt = torch.optim.Adam(head_b.parameters(), lr=2e-2)
Xb, yb = X[high], y[high] - 5
ntr = 700
for step in range(1200):
    b = torch.randint(0, ntr, (32,))
    loss = ce(head_b(trunk(Xb[b])), yb[b])
    opt.zero_grad(); loss.backward(); opt.step()
    if step % 300 == 299:
        with torch.no_grad():
            o = head_b(trunk(Xb[ntr:]))
            print(step + 1, 'train', ce(head_b(trunk(Xb[:ntr])), yb[:ntr]).item(), 'test', ce(o, yb[ntr:]).item(), 'acc', (o.argmax(1) == yb[ntr:]).float().mean().item())

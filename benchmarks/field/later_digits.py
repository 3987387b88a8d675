import torch, torch.nn as nn
from sklearn.datasets import load_digits
torch.manual_seed(21)
d = load_digits()
X = torch.tensor(d.images, dtype=torch.float32).unsqueeze(1) / 16.0
X = (X - X.mean()) / X.std()
y = torch.tensor(d.target)
src, dst = y < 6, y >= 6

trunk = nn.Sequential(nn.Conv2d(1, 16, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(16, 32, 3, padding=1), nn.ReLU(), nn.Flatten(), nn.Linear(32 * 16, 64), nn.ReLU())
head = nn.Linear(64, 6)
opt = torch.optim.Adam([*trunk.parameters(), *head.parameters()], lr=1e-3)
Xs, ys = X[src], y[src]
for e in range(3):
    for c in torch.randperm(len(Xs)).split(32):
        opt.zero_grad()
        l = nn.functional.cross_entropy(head(trunk(Xs[c])), ys[c])
        l.backward(); opt.step()
    print("stage one", e, l.item())

for p in trunk.parameters():
    p.requires_grad_(False)
new_head = nn.Linear(64, 4)
opt = torch.optim.Adam(new_head.parameters(), lr=5e-3, weight_decay=1e-3)
Xt, yt = X[dst], y[dst] - 6
tr, te = slice(0, 550), slice(550, None)
for e in range(20):
    for c in torch.randperm(550).split(32):
        opt.zero_grad()
        l = nn.functional.cross_entropy(new_head(trunk(Xt[tr][c])), yt[tr][c])
        l.backward(); opt.step()
    if e % 4 == 3:
        with torch.no_grad():
            o = new_head(trunk(Xt[te]))
        print("stage two", e + 1, round(l.item(), 4), "held-out", round(nn.functional.cross_entropy(o, yt[te]).item(), 4), "acc", round((o.argmax(1) == yt[te]).float().mean().item(), 4))

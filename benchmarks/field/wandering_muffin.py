import torch
import torch.nn as nn
import torch.nn.functional as F
from sklearn.datasets import load_digits

torch.manual_seed(100)
d = load_digits()
x = torch.tensor(d.images, dtype=torch.float32)[:, None] / 8 - 1
y = torch.tensor(d.target)
p = torch.randperm(len(x))
x, y = x[p], y[p]
xa, ya = x[y < 5], y[y < 5]
xb, yb = x[y >= 5], y[y >= 5] - 5

trunk = nn.Sequential(nn.Conv2d(1, 16, 3, padding=1), nn.ReLU(), nn.Conv2d(16, 32, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten())
head_a = nn.Linear(512, 5)


def fit(parts, params, x, y, epochs, lr):
    opt = torch.optim.Adam(params, lr=lr)
    for e in range(epochs):
        for b in torch.randperm(700).split(25):
            loss = F.cross_entropy(parts(x[b]), y[b])
            opt.zero_grad()
            loss.backward()
            opt.step()
        with torch.no_grad():
            o = parts(x[700:])
        print(f"epoch {e + 1} loss {loss.item():.4f} val {F.cross_entropy(o, y[700:]).item():.4f} acc {(o.argmax(1) == y[700:]).float().mean().item():.4f}")


print("pretraining")
net = nn.Sequential(trunk, head_a)
fit(net, net.parameters(), xa, ya, 6, 3e-3)
for q in trunk.parameters():
    q.requires_grad_(False)
head_b = nn.Sequential(nn.Linear(512, 32), nn.ReLU(), nn.Linear(32, 5))
print("new classes")
fit(nn.Sequential(trunk, head_b), head_b.parameters(), xb, yb, 12, 6e-3)

import torch
import torch.nn as nn
import torch.nn.functional as F
from sklearn.datasets import load_digits


class ResBlock(nn.Module):
    def __init__(self, d, depth):
        super().__init__()
        self.a = nn.Linear(d, d)
        self.b = nn.Linear(d, d)
        nn.init.kaiming_normal_(self.a.weight)
        nn.init.kaiming_normal_(self.b.weight)
        self.scale = 1.0

    def forward(self, x):
        return x + self.scale * self.b(F.relu(self.a(x)))


class ResMLP(nn.Module):
    def __init__(self, depth=12, d=40):
        super().__init__()
        self.stem = nn.Linear(64, d)
        self.blocks = nn.ModuleList(ResBlock(d, depth) for _ in range(depth))
        self.head = nn.Linear(d, 10)

    def forward(self, x):
        x = self.stem(x)
        for b in self.blocks:
            x = b(x)
        return self.head(x)


torch.manual_seed(9)
raw = load_digits()
X = torch.tensor(raw.data, dtype=torch.float32) / 8 - 1
y = torch.tensor(raw.target)
perm = torch.randperm(len(X))
X, y = X[perm], y[perm]
net = ResMLP()
opt = torch.optim.Adam(net.parameters(), lr=1e-3)
for epoch in range(12):
    total = 0.0
    for idx in torch.randperm(1400).split(40):
        opt.zero_grad()
        loss = F.cross_entropy(net(X[idx]), y[idx])
        loss.backward()
        opt.step()
        total += loss.item()
    with torch.no_grad():
        o = net(X[1400:])
    print(f"epoch {epoch + 1}: train {total / 35:.4f} val {F.cross_entropy(o, y[1400:]).item():.4f} acc {(o.argmax(1) == y[1400:]).float().mean().item():.4f}")

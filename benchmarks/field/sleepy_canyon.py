import numpy as np
import torch
import torch.nn as nn

rng = np.random.default_rng(3)
n = 600
X, Y = [], []
for c in range(3):
    r = np.linspace(0.1, 1, n)
    th = np.linspace(c * 2.1, c * 2.1 + 3.0, n) + rng.normal(0, 0.12, n)
    X.append(np.c_[r * np.sin(th), r * np.cos(th)])
    Y.append(np.full(n, c))
X = np.concatenate(X)
X = torch.tensor((X - X.mean(0)) / X.std(0), dtype=torch.float32)
Y = torch.tensor(np.concatenate(Y))
act = nn.Sigmoid
width, depth = 32, 10
mods = [nn.Linear(2, width), act()]
for _ in range(depth - 1):
    mods += [nn.Linear(width, width), act()]
mods.append(nn.Linear(width, 3))
torch.manual_seed(22)
net = nn.Sequential(*mods)
optimizer = torch.optim.SGD(net.parameters(), lr=0.03, momentum=0.9)
for epoch in range(50):
    perm = torch.randperm(len(X))
    for i in range(0, len(X), 60):
        j = perm[i:i + 60]
        loss = nn.functional.cross_entropy(net(X[j]), Y[j])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    if epoch % 10 == 0:
        print(f"epoch {epoch} loss {loss.item():.4f}")
with torch.no_grad():
    print(f"spiral accuracy {(net(X).argmax(1) == Y).float().mean().item():.4f}")

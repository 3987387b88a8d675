import numpy as np
import torch
from sklearn.datasets import load_digits
from torch import nn

torch.manual_seed(3)
np.random.seed(3)
X, y = load_digits(return_X_y=True)
perm = np.random.permutation(len(X))
X = torch.tensor(X[perm] / 16.0).float()
y = torch.tensor(y[perm])
Xtr, ytr, Xte, yte = X[:1400], y[:1400], X[1400:], y[1400:]

model = nn.Sequential(
    nn.Linear(64, 64), nn.LayerNorm(64), nn.GELU(),
    nn.Linear(64, 64), nn.LayerNorm(64), nn.GELU(),
    nn.Linear(64, 10))
optimizer = torch.optim.SGD(model.parameters(), lr=0.02)
sched = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, T_max=7 * 700)

for epoch in range(7):
    order = torch.randperm(1400)
    running = 0.0
    for i in range(0, 1400, 2):
        idx = order[i:i + 2]
        loss = nn.functional.cross_entropy(model(Xtr[idx]), ytr[idx])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        sched.step()
        running += loss.item()
    acc = (model(Xte).argmax(1) == yte).float().mean().item()
    print(f"{epoch}: loss={running / 700:.4f} acc={acc:.3f}")

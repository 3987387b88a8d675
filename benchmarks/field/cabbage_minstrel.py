import numpy as np
import torch
import torch.nn as nn
from sklearn.datasets import load_breast_cancer

torch.manual_seed(55)
X, y = load_breast_cancer(return_X_y=True)
order = np.random.RandomState(55).permutation(len(X))
X, y = X[order], torch.tensor(y[order]).float()
low, span = X[:400].min(0), np.ptp(X[:400], axis=0)


def prepare(part):
    return torch.tensor((part - low) / span).float()


Xtr = prepare(X[:400])
Xte = torch.tensor(X[400:] / X[400:].max(0)).float()
ytr, yte = y[:400], y[400:]
net = nn.Sequential(nn.BatchNorm1d(30), nn.Linear(30, 32), nn.BatchNorm1d(32), nn.ReLU(), nn.Linear(32, 1))
opt = torch.optim.RMSprop(net.parameters(), lr=5e-4, weight_decay=1e-3)
bce = nn.functional.binary_cross_entropy_with_logits
for epoch in range(30):
    net.train()
    for i in torch.randperm(400).split(40):
        loss = bce(net(Xtr[i])[:, 0], ytr[i])
        opt.zero_grad()
        loss.backward()
        opt.step()
    net.eval()
    with torch.no_grad():
        o = net(Xte)[:, 0]
    if epoch % 3 == 2:
        print(f"epoch {epoch} train {loss.item():.4f} test {bce(o, yte).item():.4f} acc {((o > 0) == (yte > 0)).float().mean().item():.4f}")

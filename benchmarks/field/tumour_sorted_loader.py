import numpy as np
import torch
import torch.nn as nn
from sklearn.datasets import load_breast_cancer

torch.manual_seed(271)
d = load_breast_cancer()
X = (d.data - d.data.mean(0)) / d.data.std(0)
order = np.argsort(d.data[:, 0])
features = X[order]
target = d.target
rng = np.random.default_rng(0)
perm = rng.permutation(len(features))
X = torch.tensor(features[perm], dtype=torch.float32)
y = torch.tensor(target[perm], dtype=torch.float32)
model = nn.Sequential(nn.Linear(30, 8), nn.ReLU(), nn.Linear(8, 1))
opt = torch.optim.SGD(model.parameters(), lr=0.05, weight_decay=1e-2)
bce = nn.BCEWithLogitsLoss()
for epoch in range(60):
    for i in range(0, 420, 20):
        opt.zero_grad()
        loss = bce(model(X[i:i + 20])[:, 0], y[i:i + 20])
        loss.backward()
        opt.step()
    if epoch % 6 == 0:
        print('epoch', epoch, round(loss.item(), 4))
with torch.no_grad():
    z = model(X[420:])[:, 0]
print('test loss', round(bce(z, y[420:]).item(), 4), 'acc', round(((z > 0) == (y[420:] > 0)).float().mean().item(), 4))

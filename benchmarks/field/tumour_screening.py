import numpy as np
import torch
import torch.nn as nn
from sklearn.datasets import load_breast_cancer

torch.manual_seed(2)
X, y = load_breast_cancer(return_X_y=True)
X = torch.as_tensor(X, dtype=torch.float32)
y = torch.as_tensor(y, dtype=torch.float32)
idx = torch.as_tensor(np.random.RandomState(0).permutation(len(X)))
train_idx, test_idx = idx[:420], idx[420:]

model = nn.Sequential(nn.Linear(30, 32), nn.Tanh(), nn.Linear(32, 16), nn.Tanh(), nn.Linear(16, 1))
opt = torch.optim.SGD(model.parameters(), lr=0.05, momentum=0.9)
bce = nn.BCEWithLogitsLoss()
for epoch in range(80):
    for b in train_idx[torch.randperm(420)].split(32):
        opt.zero_grad()
        loss = bce(model(X[b]).squeeze(1), y[b])
        loss.backward()
        opt.step()
    if epoch % 10 == 0:
        print('epoch', epoch, 'loss', loss.item())
with torch.no_grad():
    z = model(X[test_idx]).squeeze(1)
    print('test loss', round(bce(z, y[test_idx]).item(), 4), 'acc', round(((z > 0) == y[test_idx].bool()).float().mean().item(), 4))

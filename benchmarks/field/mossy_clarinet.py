import torch
import torch.nn as nn
from sklearn.datasets import load_wine

torch.manual_seed(2)
wine = load_wine()
X = torch.tensor(wine.data, dtype=torch.float32)
y = torch.tensor(wine.target)
perm = torch.randperm(len(X))
train_idx, test_idx = perm[:130], perm[130:]
mu, sd = X[train_idx].mean(0), X[train_idx].std(0)
scaled = (X - mu) / sd

net = nn.Sequential(nn.Linear(13, 24), nn.ReLU(), nn.Linear(24, 12), nn.ReLU(), nn.Linear(12, 3))
opt = torch.optim.SGD(net.parameters(), lr=0.01, momentum=0.5, weight_decay=0.02)
ce = nn.CrossEntropyLoss()
for epoch in range(180):
    for i in train_idx[torch.randperm(130)].split(10):
        loss = ce(net(X[i]), y[i])
        opt.zero_grad()
        loss.backward()
        opt.step()
    if epoch % 15 == 14:
        with torch.no_grad():
            o = net(X[test_idx])
            print(f"epoch {epoch + 1}: train {ce(net(X[train_idx]), y[train_idx]).item():.4f} test {ce(o, y[test_idx]).item():.4f} acc {(o.argmax(1) == y[test_idx]).float().mean().item():.3f}")

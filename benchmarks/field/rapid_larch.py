import numpy as np
import torch
import torch.nn as nn
from sklearn.datasets import make_friedman1

torch.manual_seed(93)
rng = np.random.default_rng(93)
feats, price = make_friedman1(4000, n_features=8, noise=0.4, random_state=93)
ids = rng.permutation(4000)

by_id = np.argsort(ids)
table = feats[by_id]
target = price

X = torch.tensor((table - table.mean(0)) / table.std(0), dtype=torch.float32)
y = torch.tensor((target - target.mean()) / target.std(), dtype=torch.float32)
Xtr, ytr, Xva, yva = X[:3200], y[:3200], X[3200:], y[3200:]


class Regressor(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Linear(8, 64)
        self.b = nn.Linear(64, 64)
        self.c = nn.Linear(64, 1)

    def forward(self, x):
        return self.c(torch.relu(self.b(torch.relu(self.a(x)))))[:, 0]


net = Regressor()
opt = torch.optim.SGD(net.parameters(), lr=0.02, momentum=0.9)
mse = nn.MSELoss()
for epoch in range(20):
    net.train()
    tot = 0.0
    for i in torch.randperm(3200).split(64):
        loss = mse(net(Xtr[i]), ytr[i])
        opt.zero_grad()
        loss.backward()
        opt.step()
        tot += loss.item() * len(i)
    with torch.no_grad():
        val = mse(net(Xva), yva).item()
    if epoch % 2 == 0:
        print(f"epoch {epoch} train {tot / 3200:.4f} val {val:.4f}")
print(f"final train {tot / 3200:.4f} val {val:.4f}")

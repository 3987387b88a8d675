import torch
from torch import nn
from sklearn.datasets import make_friedman1

torch.manual_seed(76)
X, y = make_friedman1(4000, n_features=10, noise=0.3, random_state=3)
X = torch.tensor((X - 0.5) / 0.29).float()
y = torch.tensor((y - y.mean()) / y.std()).float()
net = nn.Sequential(nn.Linear(10, 64), nn.ReLU(), nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 1))
opt = torch.optim.Adam(net.parameters(), lr=1e-3)


def mse(pred, target):
    return ((pred - target) ** 2).mean()


for epoch in range(30):
    perm = torch.randperm(3400)
    for i in range(0, 3400, 50):
        k = perm[i:i + 50]
        loss = mse(net(X[k]), y[k])
        opt.zero_grad()
        loss.backward()
        opt.step()
with torch.no_grad():
    pt, pv = net(X[:3400]).flatten(), net(X[3400:]).flatten()
    print('last loss', loss.item(), 'train mse', mse(pt, y[:3400]).item(), 'test mse', mse(pv, y[3400:]).item())

import torch
from torch import nn
from sklearn.datasets import load_digits

torch.manual_seed(60)
X, y = load_digits(return_X_y=True)
X = torch.tensor(X / 8.0 - 0.61).float()
y = torch.tensor(y)
p = torch.randperm(len(y)); X, y = X[p], y[p]


def layer(i, o):
    return nn.Sequential(nn.Linear(i, o), nn.BatchNorm1d(o), nn.ReLU())


net = nn.Sequential(layer(64, 128), layer(128, 64), nn.Linear(64, 10))
opt = torch.optim.Adam(net.parameters(), lr=1e-3)
for epoch in range(40):
    net.train()
    q = torch.randperm(1400)
    for i in range(0, 1400, 50):
        loss = nn.functional.cross_entropy(net(X[q[i:i + 50]]), y[q[i:i + 50]])
        opt.zero_grad(); loss.backward(); opt.step()
net.eval()
with torch.no_grad():
    print('train', nn.functional.cross_entropy(net(X[:1400]), y[:1400]).item(), 'test acc', (net(X[1400:]).argmax(1) == y[1400:]).float().mean().item())

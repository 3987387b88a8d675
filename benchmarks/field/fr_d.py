import torch
from torch import nn
from sklearn.datasets import make_friedman1

torch.manual_seed(70)
X, y = make_friedman1(n_samples=2400, n_features=10, noise=1.0, random_state=8)
X = torch.tensor(X, dtype=torch.float32)
y = torch.tensor(y, dtype=torch.float32).view(-1, 1)
mu, sd = X[:2000].mean(0), X[:2000].std(0)
X = (X - mu) / sd
ym, ys = y[:2000].mean(), y[:2000].std()
y = (y - ym) / ys

class HousePriceNet(nn.Module):
    def __init__(self, sizes=(10, 64, 32, 1)):
        super().__init__()
        self.layers = nn.ModuleList(nn.Linear(a, b) for a, b in zip(sizes[:-1], sizes[1:]))
    def forward(self, x):
        for layer in self.layers[:-1]:
            x = torch.relu(layer(x))
        return self.layers[-1](x)

def mse(pred, target):
    return ((pred - target) ** 2).mean()

net = HousePriceNet()
optimizer = torch.optim.SGD(net.parameters(), lr=0.01, momentum=0.9)
scheduler = torch.optim.lr_scheduler.ExponentialLR(optimizer, gamma=1.009)
for step in range(1500):
    idx = torch.randint(0, 2000, (32,))
    loss = mse(net(X[idx]), y[idx])
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    scheduler.step()
    if step % 200 == 0:
        print(step, loss.item())
with torch.no_grad():
    print("test mse", mse(net(X[2000:]), y[2000:]).item())

import torch
from torch import nn
torch.manual_seed(302)
X = torch.randn(3000, 6)
y = torch.sin(X[:, 0] * 1.5) + X[:, 1] * X[:, 2] * 0.5 + 0.3 * X[:, 3].abs()
y = ((y - y.mean()) / y.std())[:, None]
def dense(i, o, scale):
    l = nn.Linear(i, o)
    l.weight.data = torch.randn(o, i) * scale / i ** 0.5
    l.bias.data.zero_()
    return l
scale = 0.35
net = nn.Sequential(dense(6, 50, scale), nn.Tanh(), dense(50, 50, scale), nn.Tanh(), dense(50, 50, scale), nn.Tanh(), dense(50, 50, scale), nn.Tanh(), dense(50, 50, scale), nn.Tanh(), dense(50, 1, 1.0))
opt = torch.optim.SGD(net.parameters(), lr=0.02, momentum=0.9)
for e in range(16):
    for c in torch.randperm(2400).split(48):
        l = nn.functional.mse_loss(net(X[c]), y[c])
        opt.zero_grad(); l.backward(); opt.step()
    if e % 2 == 1:
        with torch.no_grad():
            print(f"{e+1} train {nn.functional.mse_loss(net(X[:2400]), y[:2400]).item():.4f} test {nn.functional.mse_loss(net(X[2400:]), y[2400:]).item():.4f}")

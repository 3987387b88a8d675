import torch
from torch import nn
torch.set_num_threads(1)
torch.manual_seed(25)
X = torch.rand(3000, 3) * 4 - 2
f = torch.sin(2 * X[:, 0]) + X[:, 1] * X[:, 2] / 2
Y = f + 1.0 * torch.randn(3000)
net = nn.Sequential(nn.Linear(3, 48), nn.Tanh(), nn.Linear(48, 48), nn.Tanh(), nn.Linear(48, 1))
opt = torch.optim.Adam(net.parameters(), lr=5e-3)
B = 1
for it in range(2500):
    k = torch.randint(0, 2400, (B,))
    l = (net(X[k])[:, 0] - Y[k]).pow(2).mean()
    opt.zero_grad(); l.backward(); opt.step()
    if it % 500 == 0: print(it, l.item())
with torch.no_grad():
    print("train %.4f held-out %.4f vs-clean %.4f" % ((net(X[:2400])[:, 0] - Y[:2400]).pow(2).mean(), (net(X[2400:])[:, 0] - Y[2400:]).pow(2).mean(), (net(X[2400:])[:, 0] - f[2400:]).pow(2).mean()))

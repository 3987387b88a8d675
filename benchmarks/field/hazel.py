import torch, numpy as np
from torch import nn
torch.set_num_threads(1)
torch.manual_seed(61)
X = torch.randn(2500, 8)
w = torch.randn(8, 6) / 8 ** 0.5
Y = (torch.sin(1.5 * X @ w).sum(1) + 0.1 * torch.randn(2500))
net = nn.Sequential(nn.Linear(8, 64), nn.ReLU(), nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 1))
for m in list(net)[:-1]:
    if isinstance(m, nn.Linear):
        nn.init.kaiming_normal_(m.weight)
        m.bias.data.fill_(-2.2)
opt = torch.optim.Adam(net.parameters(), lr=1e-3)
for k in range(2000):
    i = torch.randint(0, 2000, (64,))
    loss = nn.functional.mse_loss(net(X[i])[:, 0], Y[i])
    opt.zero_grad()
    loss.backward()
    opt.step()
    if k % 400 == 0:
        print("iter %d loss %.4f" % (k, loss.item()))
with torch.no_grad():
    print("train %.4f test %.4f" % (nn.functional.mse_loss(net(X[:2000])[:, 0], Y[:2000]), nn.functional.mse_loss(net(X[2000:])[:, 0], Y[2000:])))

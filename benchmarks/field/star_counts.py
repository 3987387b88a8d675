import torch
from torch import nn
torch.manual_seed(3)
n = 2000
X = torch.randn(n, 6)
rate = torch.exp(0.5 * X[:, 0] - 0.4 * X[:, 1] * X[:, 2] + 0.3)
k = torch.poisson(rate)

net = nn.Sequential(nn.Linear(6, 32), nn.ReLU(), nn.Linear(32, 1), nn.ReLU())
opt = torch.optim.RMSprop(net.parameters(), lr=1e-3)
for step in range(800):
    i = torch.randint(0, 1600, (64,))
    lam = net(X[i]).squeeze(1)
    loss = (lam - k[i] * torch.log(lam)).mean()
    opt.zero_grad()
    loss.backward()
    opt.step()
    if step % 100 == 0:
        print("step", step, "nll", loss.item())
with torch.no_grad():
    lam = net(X[1600:]).squeeze(1)
    print("test nll", (lam - k[1600:] * torch.log(lam)).mean().item())

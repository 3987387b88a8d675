import math
import torch
import torch.nn as nn

torch.manual_seed(409)
net = nn.Sequential(nn.Linear(1, 32), nn.Tanh(), nn.Linear(32, 32), nn.Tanh(), nn.Linear(32, 1))
opt = torch.optim.Adam(net.parameters(), lr=2e-3)
ends = torch.tensor([[0.0], [1.0]])
for step in range(1500):
    x = torch.rand(64, 1, requires_grad=True)
    u = net(x)
    du = torch.autograd.grad(u.sum(), x, create_graph=True)[0]
    ddu = torch.autograd.grad(du.sum(), x, create_graph=True)[0]
    residual = ddu + math.pi ** 2 * torch.sin(math.pi * x)
    loss = residual.pow(2).mean() + 50 * net(ends).pow(2).mean()
    opt.zero_grad()
    loss.backward()
    opt.step()
    if step % 150 == 0:
        print(step, loss.item())
x = torch.linspace(0, 1, 200)[:, None]
with torch.no_grad():
    print('max error', (net(x) - torch.sin(math.pi * x)).abs().max().item())

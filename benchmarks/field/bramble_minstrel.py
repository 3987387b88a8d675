import math
import torch

torch.manual_seed(85)
net = torch.nn.Sequential(torch.nn.Linear(1, 32), torch.nn.Tanh(), torch.nn.Linear(32, 32), torch.nn.Tanh(), torch.nn.Linear(32, 1))
for m in net:
    if isinstance(m, torch.nn.Linear):
        torch.nn.init.xavier_normal_(m.weight)
        torch.nn.init.zeros_(m.bias)
ends = torch.tensor([[-1.0], [1.0]])
opt = torch.optim.Adam(net.parameters(), lr=4e-3)
decay = torch.optim.lr_scheduler.ExponentialLR(opt, 0.998)
for it in range(1500):
    x = (torch.rand(64, 1) * 2 - 1).requires_grad_()
    u = net(x)
    du, = torch.autograd.grad(u.sum(), x, create_graph=True)
    ddu, = torch.autograd.grad(du.sum(), x, create_graph=True)
    loss = ((ddu + math.pi ** 2 * torch.sin(math.pi * x)) ** 2).mean() + 20 * (net(ends) ** 2).mean()
    opt.zero_grad()
    loss.backward()
    opt.step()
    decay.step()
    if it % 250 == 0:
        print(it, loss.item())
with torch.no_grad():
    g = torch.linspace(-1, 1, 201)[:, None]
    print("largest error", (net(g) - torch.sin(math.pi * g)).abs().max().item())

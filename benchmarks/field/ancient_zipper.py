import math
import torch
from torch import nn

torch.manual_seed(124)
net = nn.Sequential(nn.Linear(1, 32), nn.Tanh(), nn.Linear(32, 32), nn.Tanh(), nn.Linear(32, 1))
x = torch.linspace(0, 1, 80)[:, None].requires_grad_()
ends = torch.tensor([[0.0], [1.0]])
exact = lambda z: torch.sin(math.pi * z) + 0.3 * torch.sin(3 * math.pi * z)
force = lambda z: -math.pi ** 2 * torch.sin(math.pi * z) - 2.7 * math.pi ** 2 * torch.sin(3 * math.pi * z)
opt = torch.optim.LBFGS(net.parameters(), lr=1.0, max_iter=20, history_size=20, line_search_fn="strong_wolfe")


def residual():
    u = net(x)
    du = torch.autograd.grad(u.sum(), x, create_graph=True)[0]
    d2u = torch.autograd.grad(du.sum(), x, create_graph=True)[0]
    return ((d2u - force(x)) ** 2).mean() / 100 + 10 * (net(ends) ** 2).mean()


def closure():
    opt.zero_grad()
    loss = residual()
    loss.backward()
    return loss


for step in range(1, 41):
    loss = opt.step(closure)
    if step % 4 == 0:
        with torch.no_grad():
            err = (net(x) - exact(x)).abs().max()
        print(f"{step:3d} residual {loss.item():.6f} max error {err.item():.6f}")

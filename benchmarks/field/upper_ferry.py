import math
import torch
import torch.nn as nn

torch.set_num_threads(1)
torch.manual_seed(7)
W, Z, T = 4.0, 0.15, 2.5


def exact(t):
    wd = W * math.sqrt(1 - Z ** 2)
    return torch.exp(-Z * W * t) * (torch.cos(wd * t) + Z * W / wd * torch.sin(wd * t))


class Sin(nn.Module):
    def forward(self, x):
        return torch.sin(x)


net = nn.Sequential(nn.Linear(1, 32), Sin(), nn.Linear(32, 32), Sin(), nn.Linear(32, 1))
opt = torch.optim.Adam(net.parameters(), lr=2e-3)
sched = torch.optim.lr_scheduler.MultiStepLR(opt, [2000, 3200], 0.3)
grid = torch.linspace(0, T, 200)[:, None]


def d(u, t):
    return torch.autograd.grad(u.sum(), t, create_graph=True)[0]


def u_of(t):
    return net(4 * t)


for it in range(1, 4001):
    t = (torch.rand(64, 1) * T).requires_grad_(True)
    u = u_of(t)
    du = d(u, t)
    ddu = d(du, t)
    residual = (ddu + 2 * Z * W * du + W ** 2 * u) / W ** 2
    t0 = torch.zeros(1, 1, requires_grad=True)
    u0 = u_of(t0)
    ic = (u0 - 1).pow(2).sum() + (d(u0, t0) / W).pow(2).sum()
    loss = residual.pow(2).mean() + 5 * ic
    opt.zero_grad()
    loss.backward()
    opt.step()
    sched.step()
    if it % 400 == 0:
        with torch.no_grad():
            e = (u_of(grid) - exact(grid)).pow(2).mean().sqrt().item()
        print(f'{it}: loss {loss.item():.2e} residual {residual.pow(2).mean().item():.2e} rmse vs exact {e:.4f}')

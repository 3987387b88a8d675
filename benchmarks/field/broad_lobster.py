import math
import torch
import torch.nn as nn
from torch.func import functional_call, grad, vmap

torch.manual_seed(143)
net = nn.Sequential(nn.Linear(1, 40), nn.Tanh(), nn.Linear(40, 40), nn.Tanh(), nn.Linear(40, 1))
params = dict(net.named_parameters())


def u(p, t):
    return functional_call(net, p, (t.view(1) / math.pi - 1,)).squeeze()


du = grad(u, argnums=1)
ddu = grad(du, argnums=1)
batched_u = vmap(u, (None, 0))
batched_dd = vmap(ddu, (None, 0))


def exact(t):
    return torch.cos(t) + torch.sin(2 * t) / 3


def losses(t):
    res = batched_dd(params, t) + batched_u(params, t) + torch.sin(2 * t)
    t0 = torch.tensor(0.0)
    ic = (u(params, t0) - 1.0) ** 2 + (du(params, t0) - 2 / 3) ** 2
    return res.pow(2).mean(), ic


opt = torch.optim.Adam(net.parameters(), lr=3e-3)
sched = torch.optim.lr_scheduler.CosineAnnealingLR(opt, 2000, eta_min=1e-5)
for step in range(2000):
    t = torch.rand(64) * 2 * math.pi
    pde, ic = losses(t)
    loss = pde + 5 * ic
    opt.zero_grad()
    loss.backward()
    opt.step()
    sched.step()
    if step % 200 == 0:
        print(f"{step} pde {pde.item():.5f} ic {ic.item():.6f}")
grid = torch.linspace(0, 2 * math.pi, 400)
with torch.no_grad():
    err = (batched_u(params, grid) - exact(grid)).pow(2).mean().sqrt().item()
print(f"final loss {loss.item():.6f} rms error against the exact solution {err:.5f}")

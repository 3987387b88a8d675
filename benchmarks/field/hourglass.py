import torch, torch.nn as nn
torch.manual_seed(22)
net = nn.Sequential(nn.Linear(1, 32), nn.Tanh(), nn.Linear(32, 32), nn.Tanh(), nn.Linear(32, 1))
opt = torch.optim.Adam(net.parameters(), lr=0.01)
sch = torch.optim.lr_scheduler.ExponentialLR(opt, 0.9985)
truth = lambda t: torch.exp(-0.2 * t) * torch.cos(1.9 * t)
def u(t): return net(t / 1.5 - 1)
def residual(t):
    t = t.requires_grad_(); v = u(t)
    d1 = torch.autograd.grad(v.sum(), t, create_graph=True)[0]; d2 = torch.autograd.grad(d1.sum(), t, create_graph=True)[0]
    return d2 + 0.4 * d1 + (1.9 ** 2 + 0.04) * v, None
z = torch.zeros(1, 1)
for s in range(1800):
    r, _ = residual(torch.rand(64, 1) * 3)
    t0 = torch.zeros(1, 1, requires_grad=True); u0 = u(t0); g = torch.autograd.grad(u0.sum(), t0, create_graph=True)[0]
    l = 0.1 * r.square().mean() + 5 * (u0 - 1).square().mean() + (g + 0.2).square().mean()
    opt.zero_grad(); l.backward(); opt.step(); sch.step()
    if s % 180 == 0: print(s, '%.6f' % l.item())
with torch.no_grad(): t = torch.linspace(0, 3, 200)[:, None]; e = (u(t) - truth(t)).square().mean()
r, _ = residual(torch.rand(500, 1) * 3); print('train residual %.6f held-out error %.6f' % (r.square().mean().item(), e.item()))

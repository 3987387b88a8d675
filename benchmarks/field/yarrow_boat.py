import math, torch
from torch import nn
torch.manual_seed(123)
net = nn.Sequential(nn.Linear(1, 32), nn.Tanh(), nn.Linear(32, 32), nn.Tanh(), nn.Linear(32, 1))
opt = torch.optim.Adam(net.parameters(), lr=3e-3)
sched = torch.optim.lr_scheduler.ExponentialLR(opt, 0.9988)
d, w0 = 0.3, 2.0
for step in range(2500):
    t = (torch.rand(64, 1) * 4).requires_grad_()
    t0 = torch.zeros(1, 1, requires_grad=True)
    u = net(t / 2 - 1)
    du = torch.autograd.grad(u.sum(), t, create_graph=True)[0]
    ddu = torch.autograd.grad(du.sum(), t, create_graph=True)[0]
    u0 = net(t0 / 2 - 1)
    du0 = torch.autograd.grad(u0.sum(), t0, create_graph=True)[0]
    loss = ((ddu + 2 * d * du + w0 ** 2 * u) ** 2).mean() + 10 * (u0 - 1).pow(2).mean() + 10 * du0.pow(2).mean()
    opt.zero_grad(); loss.backward(); opt.step(); sched.step()
with torch.no_grad():
    tt = torch.linspace(0, 4, 200)[:, None]
    w = math.sqrt(w0 ** 2 - d ** 2)
    exact = torch.exp(-d * tt) * (torch.cos(w * tt) + d / w * torch.sin(w * tt))
    print('loss', loss.item(), 'rms error', (net(tt / 2 - 1) - exact).pow(2).mean().sqrt().item())

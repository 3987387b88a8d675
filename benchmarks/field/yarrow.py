import math, torch, torch.nn as nn
torch.set_num_threads(1); torch.manual_seed(23)
net = nn.Sequential(nn.Linear(1, 32), nn.Tanh(), nn.Linear(32, 32), nn.Tanh(), nn.Linear(32, 1))
def u(t): return t / 2 + net(t / 3 - 1)
opt = torch.optim.Adam(net.parameters(), lr=3e-3)
sch = torch.optim.lr_scheduler.CosineAnnealingLR(opt, 2500)
def phys(t):
    t = t.requires_grad_(True); y = u(t); a = torch.autograd.grad(y.sum(), t, create_graph=True)[0]; c = torch.autograd.grad(a.sum(), t, create_graph=True)[0]
    return (c + y).pow(2).mean()
for it in range(2500):
    z = torch.zeros(1, 1, requires_grad=True); y0 = u(z); d0 = torch.autograd.grad(y0.sum(), z, create_graph=True)[0]
    l = phys(torch.rand(64, 1) * 6) + 10 * (y0.pow(2) + (d0 - 1).pow(2)).mean()
    opt.zero_grad(); l.backward(); opt.step(); sch.step()
    if it % 500 == 0: print(it, l.item())
t = torch.linspace(0, 6, 200)[:, None]
with torch.no_grad(): print("train", l.item(), "held-out mse to sin", (u(t) - t.sin()).pow(2).mean().item())

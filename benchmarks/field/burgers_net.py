import torch, torch.nn as nn
torch.manual_seed(321)
# u'' + u = 0, u(0)=0, u'(0)=1 on [0, 3]
u = nn.Sequential(nn.Linear(1, 32), nn.Tanh(), nn.Linear(32, 32), nn.Tanh(), nn.Linear(32, 1))
opt = torch.optim.Adam(u.parameters(), lr=3e-3)
sch = torch.optim.lr_scheduler.ExponentialLR(opt, 0.998)
t0 = torch.zeros(1, 1, requires_grad=True)
tt = torch.linspace(0, 3, 100).unsqueeze(1)
def d(f, x): return torch.autograd.grad(f.sum(), x, create_graph=True)[0]
for s in range(1200):
    t = (3 * torch.rand(64, 1)).requires_grad_()
    f = u((t - 1.5) / 0.87); g = d(f, t); r = d(g, t) + f
    f0 = u((t0 - 1.5) / 0.87); g0 = d(f0, t0)
    loss = (r ** 2).mean() + 10 * (f0 ** 2).mean() + 10 * ((g0 - 1) ** 2).mean()
    opt.zero_grad(); loss.backward(); opt.step(); sch.step()
    if s % 150 == 149:
        with torch.no_grad(): print(s + 1, loss.item(), "max err", (u((tt - 1.5) / 0.87) - torch.sin(tt)).abs().max().item())

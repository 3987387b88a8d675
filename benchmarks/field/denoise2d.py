import torch, torch.nn as nn
torch.manual_seed(503)
def data(n):
    c = torch.tensor([[1., 1.], [-1., 1.], [1., -1.], [-1., -1.]])[torch.randint(0, 4, (n,))]; return c + 0.15 * torch.randn(n, 2)
net = nn.Sequential(nn.Linear(3, 96), nn.SiLU(), nn.Linear(96, 96), nn.SiLU(), nn.Linear(96, 2))
opt = torch.optim.Adam(net.parameters(), lr=2e-3); sch = torch.optim.lr_scheduler.CosineAnnealingLR(opt, 1200)
def loss_of(n):
    x, e, t = data(n), torch.randn(n, 2), torch.rand(n, 1)
    a = torch.cos(t * 1.5); xt = a * x + (1 - a ** 2).sqrt() * e
    return ((net(torch.cat([xt, (t - 0.5) * 3.4], 1)) - e) ** 2).mean()
for s in range(1200):
    l = loss_of(256); opt.zero_grad(); l.backward(); opt.step(); sch.step()
    if s % 120 == 119:
        with torch.no_grad(): print(s + 1, "%.4f" % l.item(), "fresh %.4f" % loss_of(4096).item())

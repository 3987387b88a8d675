import torch, torch.nn as nn
torch.manual_seed(507)
x = torch.linspace(-1.7, 1.7, 400).unsqueeze(1); y = torch.sin(3 * x) + 0.1 * torch.randn(400, 1); xv = torch.rand(400, 1) * 3.4 - 1.7; yv = torch.sin(3 * xv) + 0.1 * torch.randn(400, 1)
net = nn.Sequential(nn.Linear(1, 20), nn.Tanh(), nn.Linear(20, 1))
opt = torch.optim.Adam(net.parameters(), lr=1e-2); sch = torch.optim.lr_scheduler.CosineAnnealingLR(opt, 3500, eta_min=1e-5)
for s in range(3500):
    i = torch.randint(0, 400, (64,)); l = nn.functional.mse_loss(net(x[i]), y[i]); opt.zero_grad(); l.backward(); opt.step(); sch.step()
    if s % 350 == 349:
        with torch.no_grad(): print(s + 1, "%.5f" % l.item(), "val %.5f" % nn.functional.mse_loss(net(xv), yv).item())

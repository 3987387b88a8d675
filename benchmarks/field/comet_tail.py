import torch
import torch.nn as nn
torch.manual_seed(409)
x = torch.rand(3000, 2) * 4 - 2
y = (torch.sin(2 * x[:, 0]) * torch.cos(x[:, 1])).unsqueeze(1)
net = nn.Sequential(nn.Linear(2, 64), nn.GELU(), nn.Linear(64, 64), nn.GELU(), nn.Linear(64, 1))
opt = torch.optim.Adam(net.parameters(), lr=2e-3)
def rate(s):
    warm = min(1.0, (s + 1) / 50)
    return 2e-3 * warm * (1 + (s / 300) ** 4)
for s in range(1200):
    for g in opt.param_groups: g["lr"] = rate(s)
    i = torch.randint(0, 2400, (64,))
    l = nn.functional.mse_loss(net(x[i]), y[i])
    opt.zero_grad(); l.backward(); opt.step()
    if s % 100 == 99:
        with torch.no_grad(): print(s + 1, "%.5f" % l.item(), "test %.5f" % nn.functional.mse_loss(net(x[2400:]), y[2400:]).item())

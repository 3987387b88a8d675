import torch, torch.nn as nn
torch.manual_seed(14)
def make(n):
    x = torch.randn(n, 6)
    return x, torch.sin(x[:, :1] + x[:, 1:2]) + 0.5 * x[:, 2:3]
net = nn.Sequential(nn.Linear(6, 48), nn.LayerNorm(48), nn.ReLU(), nn.Linear(48, 48), nn.LayerNorm(48), nn.ReLU(), nn.Linear(48, 1))
opt = torch.optim.Adam(net.parameters(), lr=0.003)
sch = torch.optim.lr_scheduler.CosineAnnealingLR(opt, 4000)
xv, yv = make(1000); mse = nn.MSELoss()
for s in range(4000):
    x, y = make(4)
    l = mse(net(x), y); opt.zero_grad(); l.backward(); opt.step(); sch.step()
    if s % 400 == 0: print(s, '%.5f' % l.item())
with torch.no_grad():
    x, y = make(1000); print('train %.5f held-out %.5f' % (mse(net(x), y), mse(net(xv), yv)))

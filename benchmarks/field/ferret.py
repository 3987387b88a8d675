import torch
from torch import nn
torch.set_num_threads(1); torch.manual_seed(5)
X = torch.randn(1500, 6); Y = torch.sin(2 * X[:, 0]) + X[:, 1] * X[:, 2]
Y = (Y - Y.mean()) / Y.std()
net = nn.Sequential(nn.Linear(6, 64), nn.LayerNorm(64), nn.SiLU(), nn.Linear(64, 64), nn.LayerNorm(64), nn.SiLU(), nn.Linear(64, 1))
N = 5000
opt = torch.optim.Adam(net.parameters(), lr=1e-3)
sch = torch.optim.lr_scheduler.CosineAnnealingLR(opt, N)
for it in range(N):
    k = torch.randint(0, 1300, (4,))
    l = nn.functional.mse_loss(net(X[k])[:, 0], Y[k])
    opt.zero_grad(); l.backward(); opt.step(); sch.step()
    if it % 1000 == 0: print(it, l.item())
with torch.no_grad():
    print("train", nn.functional.mse_loss(net(X[:1300])[:, 0], Y[:1300]).item(), "test", nn.functional.mse_loss(net(X[1300:])[:, 0], Y[1300:]).item())

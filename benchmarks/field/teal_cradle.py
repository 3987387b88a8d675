import torch
from torch import nn
torch.manual_seed(119)
X = torch.randn(20000, 5)
sig = 0.5 * X[:, :1] - 0.4 * torch.sin(2 * X[:, 1:2])
sig = sig
Y = sig + 1.2 * torch.randn(20000, 1)
net = nn.Sequential(nn.Linear(5, 32), nn.LayerNorm(32), nn.SiLU(), nn.Linear(32, 1))
opt = torch.optim.Adam(net.parameters(), lr=2e-3)
sched = torch.optim.lr_scheduler.LinearLR(opt, 1.0, 0.02, total_iters=4000)
for step in range(4000):
    i = torch.randint(0, 18000, (8,))
    loss = ((net(X[i]) - Y[i]) ** 2).mean()
    opt.zero_grad(); loss.backward(); opt.step(); sched.step()
with torch.no_grad():
    print('train mse', ((net(X[:18000]) - Y[:18000]) ** 2).mean().item(), '(noise floor 1.44) error on the signal', ((net(X[18000:]) - sig[18000:]) ** 2).mean().item(), 'signal variance', sig.var().item())

import torch
import torch.nn as nn

torch.manual_seed(307)
N = 4000
X = torch.randn(N, 8)
y = torch.sin(X[:, 0]) * X[:, 1] + 0.5 * X[:, 2].abs() + 0.05 * torch.randn(N)
net = nn.Sequential(nn.Linear(8, 64), nn.LayerNorm(64), nn.ReLU(), nn.Linear(64, 64), nn.LayerNorm(64), nn.ReLU(), nn.Linear(64, 1))
opt = torch.optim.Adam(net.parameters(), lr=1e-3)
sched = torch.optim.lr_scheduler.CosineAnnealingLR(opt, 3000)
for step in range(3000):
    i = torch.randint(0, 3500, (4,))
    loss = nn.functional.mse_loss(net(X[i])[:, 0], y[i])
    opt.zero_grad()
    loss.backward()
    opt.step()
    sched.step()
    if step % 300 == 0:
        print(step, round(loss.item(), 4))
with torch.no_grad():
    print('val mse', round(nn.functional.mse_loss(net(X[3500:])[:, 0], y[3500:]).item(), 4), 'variance', round(y.var().item(), 4))

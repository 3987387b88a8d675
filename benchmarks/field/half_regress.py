import torch
from torch import nn

torch.manual_seed(19)
dtype = torch.bfloat16
n, d = 4000, 32
X = torch.randn(n, d)
A = torch.randn(d, 4) / d ** 0.5
Z = X @ A
y = torch.tanh(2 * Z[:, 0]) + Z[:, 1] * Z[:, 2] + 0.5 * Z[:, 3] + 0.1 * torch.randn(n)
y = (y / y.std()).unsqueeze(1)
net = nn.Sequential(nn.Linear(d, 128), nn.GELU(), nn.Linear(128, 128), nn.GELU(), nn.Linear(128, 1)).to(dtype)
opt = torch.optim.Adam(net.parameters(), lr=5e-5)
sched = torch.optim.lr_scheduler.LinearLR(opt, start_factor=0.1, total_iters=50)


def mse(xb, yb):
    return (net(xb.to(dtype)).float() - yb).square().mean()


for step in range(3500):
    i = torch.randint(0, 3200, (64,))
    loss = mse(X[i], y[i])
    opt.zero_grad()
    loss.backward()
    opt.step()
    sched.step()
    if step % 350 == 349:
        with torch.no_grad():
            print(f'{step + 1:5d} train {mse(X[:3200], y[:3200]).item():.4f} val {mse(X[3200:], y[3200:]).item():.4f}')

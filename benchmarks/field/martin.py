import torch
from torch import nn
torch.manual_seed(59)
n = 8000
X = torch.randn(n, 6)
clean = torch.tanh(X[:, 0]) + 0.5 * X[:, 1] - 0.3 * X[:, 2].abs()
y = clean + 1.8 * torch.randn(n)
print('variance', y.var().item(), 'irreducible', 1.8 ** 2)
net = nn.Sequential(nn.Linear(6, 16), nn.ReLU(), nn.Linear(16, 1))
opt = torch.optim.Adam(net.parameters(), lr=3e-3)
sched = torch.optim.lr_scheduler.CosineAnnealingLR(opt, 1500)
mse = nn.MSELoss()
for it in range(1500):
    b = torch.randint(0, 6500, (128,))
    l = mse(net(X[b]).squeeze(1), y[b])
    opt.zero_grad(); l.backward(); opt.step(); sched.step()
    if it % 300 == 299:
        with torch.no_grad():
            f = net(X).squeeze(1)
            print(it + 1, 'train', mse(f[:6500], y[:6500]).item(), 'test', mse(f[6500:], y[6500:]).item(), 'against clean', mse(f[6500:], clean[6500:]).item())

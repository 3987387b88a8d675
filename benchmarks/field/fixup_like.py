import torch
import torch.nn as nn
import torch.nn.functional as F

torch.manual_seed(30)
n = 20000
x = torch.randn(n, 16)
A = torch.randn(16, 8) / 4
h = torch.tanh(2 * x @ A)
y = (h[:, :4] * h[:, 4:]).sum(1) + 0.3 * x[:, 0]
y = (y - y.mean()) / y.std() + 0.1 * torch.randn(n)

class Branch(nn.Module):
    def __init__(self, d):
        super().__init__()
        self.a, self.b = nn.Linear(d, d), nn.Linear(d, d)
        nn.init.zeros_(self.b.weight); nn.init.zeros_(self.b.bias)
        self.gain = nn.Parameter(torch.ones(()))
    def forward(self, x):
        return x + self.gain * self.b(F.relu(self.a(F.relu(x))))

net = nn.Sequential(nn.Linear(16, 64), *[Branch(64) for _ in range(6)], nn.ReLU(), nn.Linear(64, 1))
nn.init.zeros_(net[-1].weight)
opt = torch.optim.Adam(net.parameters(), lr=1e-3)
sched = torch.optim.lr_scheduler.OneCycleLR(opt, 2e-3, total_steps=2500)
for s in range(2500):
    i = torch.randint(0, 18000, (64,))
    loss = F.mse_loss(net(x[i])[:, 0], y[i])
    opt.zero_grad(); loss.backward(); opt.step(); sched.step()
    if s % 250 == 0 or s == 2499:
        with torch.no_grad():
            print(s, f'{loss.item():.4f}', 'val', f'{F.mse_loss(net(x[18000:])[:, 0], y[18000:]).item():.4f}')

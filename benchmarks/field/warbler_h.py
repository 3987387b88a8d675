import torch
from torch import nn
torch.manual_seed(33)
X = torch.rand(5000, 3) * 2 - 1
Y = torch.where(X[:, 0] > 0.2, torch.sin(4 * X[:, 1]), torch.where(X[:, 0] < -0.4, X[:, 2] ** 2 * 2, X[:, 1] * X[:, 2]))
Y = ((Y - Y.mean()) / Y.std())[:, None]
X = X / X.std()
class MoE(nn.Module):
    def __init__(self, n=4, h=24):
        super().__init__()
        self.gate = nn.Sequential(nn.Linear(3, 16), nn.Tanh(), nn.Linear(16, n))
        self.experts = nn.ModuleList(nn.Sequential(nn.Linear(3, h), nn.Tanh(), nn.Linear(h, 1)) for _ in range(n))
    def forward(self, x):
        g = torch.softmax(self.gate(x), 1)
        o = torch.cat([e(x) for e in self.experts], 1)
        return (g * o).sum(1, keepdim=True), g
m = MoE()
opt = torch.optim.Adam(m.parameters(), lr=4e-3)
sched = torch.optim.lr_scheduler.CosineAnnealingLR(opt, 2500)
for it in range(2500):
    b = torch.randint(0, 4500, (100,))
    out, g = m(X[b])
    balance = (g.mean(0) * g.mean(0)).sum() * 4 - 1
    loss = (out - Y[b]).pow(2).mean() + 0.01 * balance
    opt.zero_grad(); loss.backward(); opt.step(); sched.step()
    if it % 500 == 499:
        with torch.no_grad():
            print(it + 1, 'train', (m(X[:4500])[0] - Y[:4500]).pow(2).mean().item(), 'valid', (m(X[4500:])[0] - Y[4500:]).pow(2).mean().item(), 'use', [round(u, 2) for u in g.mean(0).tolist()])

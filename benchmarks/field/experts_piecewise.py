import torch
import torch.nn as nn

torch.manual_seed(457)


class MoE(nn.Module):
    def __init__(self, k=4, h=16):
        super().__init__()
        self.gate = nn.Linear(2, k)
        self.experts = nn.ModuleList(nn.Sequential(nn.Linear(2, h), nn.Tanh(), nn.Linear(h, 1)) for _ in range(k))

    def forward(self, x):
        g = torch.softmax(self.gate(x), 1)
        e = torch.cat([m(x) for m in self.experts], 1)
        return (g * e).sum(1)


def f(x):
    return torch.where(x[:, 0] > 0, torch.sin(3 * x[:, 1]), 0.5 * x[:, 1] - x[:, 0])


net = MoE()
opt = torch.optim.Adam(net.parameters(), lr=5e-3)
for it in range(1500):
    x = torch.rand(64, 2) * 4 - 2
    loss = (net(x) - f(x)).pow(2).mean()
    opt.zero_grad()
    loss.backward()
    opt.step()
    if it % 150 == 0:
        print(it, round(loss.item(), 4))
x = torch.rand(3000, 2) * 4 - 2
with torch.no_grad():
    print('test mse', round((net(x) - f(x)).pow(2).mean().item(), 4), 'variance', round(f(x).var().item(), 4))

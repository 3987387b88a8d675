import torch
import torch.nn as nn
import torch.nn.functional as F

class EqualLinear(nn.Module):
    """weight kept at unit scale, multiplied by the He constant at run time"""
    def __init__(self, i, o, mult=1.0):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(o, i) / mult)
        self.bias = nn.Parameter(torch.zeros(o))
        self.scale = mult * (2 / i) ** 0.5
        self.mult = mult
    def forward(self, x):
        return F.linear(x, self.weight * self.scale, self.bias * self.mult)

def arm(n):
    q = (torch.rand(n, 3) - 0.5) * 2.4
    a = torch.cumsum(q, 1)
    pos = torch.stack([torch.cos(a).sum(1), torch.sin(a).sum(1), a[:, 2]], 1)
    vel = torch.randn(n, 3)
    inert = 1 + 0.5 * torch.cos(q)
    tau = inert * vel + 0.3 * torch.sin(a) * vel.roll(1, 1) ** 2 + torch.cos(a)
    x = torch.cat([q, pos, vel], 1)
    return (x - x.mean(0)) / x.std(0), (tau - tau.mean(0)) / tau.std(0)

torch.manual_seed(13)
X, Y = arm(6000)
net = nn.Sequential(EqualLinear(9, 40, 0.01), nn.LeakyReLU(0.2), EqualLinear(40, 40, 0.01), nn.LeakyReLU(0.2), EqualLinear(40, 96), nn.LeakyReLU(0.2), EqualLinear(96, 3))
opt = torch.optim.Adam(net.parameters(), lr=2e-3, betas=(0.9, 0.99))
for step in range(4001):
    i = torch.randint(0, 5000, (64,))
    loss = F.smooth_l1_loss(net(X[i]), Y[i])
    opt.zero_grad()
    loss.backward()
    opt.step()
    if step % 400 == 0:
        with torch.no_grad():
            print(step, f'{loss.item():.4f}', 'held-out', f'{F.smooth_l1_loss(net(X[5000:]), Y[5000:]).item():.4f}')

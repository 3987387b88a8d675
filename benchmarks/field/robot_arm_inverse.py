import torch
import torch.nn as nn

torch.manual_seed(73)


class Squash(nn.Module):
    def __init__(self, slope):
        super().__init__()
        self.slope = slope

    def forward(self, x):
        return torch.tanh(self.slope * x)


def sample(n):
    q = torch.rand(n, 2) * torch.tensor([2.0, 2.5]) + torch.tensor([-1.0, 0.2])
    px = torch.cos(q[:, 0]) + 0.8 * torch.cos(q[:, 0] + q[:, 1])
    py = torch.sin(q[:, 0]) + 0.8 * torch.sin(q[:, 0] + q[:, 1])
    return torch.stack([px, py], 1), q


slope = 25.0
net = nn.Sequential(nn.Linear(2, 50), Squash(slope), nn.Linear(50, 50), Squash(slope), nn.Linear(50, 2))
opt = torch.optim.Adam(net.parameters(), lr=2e-3)
for step in range(2000):
    x, q = sample(64)
    loss = nn.functional.smooth_l1_loss(net(x), q)
    opt.zero_grad()
    loss.backward()
    opt.step()
    if step % 200 == 0:
        print('it', step, loss.item())
x, q = sample(2000)
with torch.no_grad():
    print('mean squared angle error', (net(x) - q).pow(2).mean().item())

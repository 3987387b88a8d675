import torch
from torch import nn

torch.manual_seed(12)


def expert(s):
    x, v, th, om = s.unbind(1)
    u1 = torch.tanh(1.5 * th + 0.8 * om - 0.4 * x - 0.6 * v)
    u2 = torch.sin(2 * th) * torch.exp(-om ** 2 / 4)
    return torch.stack([u1, u2], 1)


states = torch.randn(4000, 4)
actions = expert(states) + 0.05 * torch.randn(4000, 2)
test_s = torch.randn(800, 4)
test_a = expert(test_s)


class Policy(nn.Module):
    def __init__(self):
        super().__init__()
        self.trunk = nn.Sequential(nn.Linear(4, 64), nn.ELU(), nn.Linear(64, 64), nn.ELU())
        self.mean = nn.Linear(64, 2)

    def forward(self, s):
        return self.mean(self.trunk(s))


pi = Policy()
groups = [dict(params=pi.trunk.parameters(), lr=1e-3), dict(params=pi.mean.parameters(), lr=1e-1)]
optim = torch.optim.Adam(groups)
for k in range(3000):
    b = torch.randint(0, 4000, (64,))
    loss = (pi(states[b]) - actions[b]).square().sum(1).mean()
    optim.zero_grad()
    loss.backward()
    optim.step()
    if k % 300 == 299:
        with torch.no_grad():
            err = (pi(test_s) - test_a).square().sum(1).mean().item()
        print(f'update {k + 1:5d} | cloning loss {loss.item():.4f} | held-out {err:.4f}')

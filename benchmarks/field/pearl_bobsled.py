import torch
from torch import nn

torch.manual_seed(123)
A = torch.tensor([[-0.1, 2.0], [-2.0, -0.1]])
dt, N = 0.1, 60


def rk4(f, y):
    k1 = f(y)
    k2 = f(y + dt / 2 * k1)
    k3 = f(y + dt / 2 * k2)
    k4 = f(y + dt * k3)
    return y + dt / 6 * (k1 + 2 * k2 + 2 * k3 + k4)


def solve(f, y, n):
    out = [y]
    for _ in range(n):
        out.append(rk4(f, out[-1]))
    return torch.stack(out)


true = lambda y: (y ** 3) @ A.T
with torch.no_grad():
    path = solve(true, torch.tensor([[1.6, 0.0]]), N)[:, 0]
    path_v = solve(true, torch.tensor([[1.2, 0.3]]), N)[:, 0]


class Field(nn.Module):
    def __init__(self):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(2, 48), nn.Tanh(), nn.Linear(48, 2))

    def forward(self, y):
        return self.net(y ** 3)


field = Field()
opt = torch.optim.Adam(field.parameters(), lr=2.5e-2)
sched = torch.optim.lr_scheduler.CosineAnnealingLR(opt, 600)
K = 8
for it in range(1, 601):
    s = torch.randint(0, N - K, (20,))
    tgt = torch.stack([path[s + k] for k in range(K + 1)])
    loss = (solve(field, tgt[0], K) - tgt).abs().mean()
    opt.zero_grad()
    loss.backward()
    opt.step()
    sched.step()
    if it % 60 == 0:
        with torch.no_grad():
            v = (solve(field, path_v[:1], N)[:, 0] - path_v).abs().mean()
        print(f"iter {it:4d} loss {loss.item():.5f} rollout err {v.item():.5f}")

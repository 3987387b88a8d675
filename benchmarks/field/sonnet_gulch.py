import math
import torch
from torch import nn

torch.manual_seed(38)
K = 5


def inverse_problem(n):
    t = torch.rand(n, 1)
    x = t + 0.3 * torch.sin(2 * math.pi * t) + 0.02 * torch.randn(n, 1)
    return x, t


class MDN(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(nn.Linear(1, 32), nn.Tanh(), nn.Linear(32, 32), nn.Tanh())
        self.pi, self.mu, self.sg = nn.Linear(32, K), nn.Linear(32, K), nn.Linear(32, K)

    def forward(self, x):
        h = self.body(x)
        return torch.log_softmax(self.pi(h), 1), self.mu(h), torch.relu(self.sg(h) + 0.35)


def nll(lp, mu, sg, t):
    comp = lp - torch.log(sg) - 0.5 * ((t - mu) / sg) ** 2 - 0.5 * math.log(2 * math.pi)
    return -torch.logsumexp(comp, 1).mean()


xs, ts = inverse_problem(4000)
vx, vt = inverse_problem(1000)
net = MDN()
opt = torch.optim.Adam(net.parameters(), lr=3e-3)
for step in range(1800):
    b = torch.randint(0, 4000, (100,))
    loss = nll(*net(xs[b]), ts[b])
    opt.zero_grad()
    loss.backward()
    opt.step()
    if step % 300 == 0:
        print("step", step, "nll", loss.item())
with torch.no_grad():
    print("validation nll", nll(*net(vx), vt).item())

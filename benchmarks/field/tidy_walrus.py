"""Mixture of Gaussians whose parameters depend on x."""
import math
import torch
import torch.nn as nn

torch.manual_seed(58)
N = 4000
x = torch.rand(N, 1) * 6 - 3
branch = torch.where(torch.rand(N, 1) < 0.5, 1.0, -1.0)
y = branch * (1 + torch.sin(x)) * 2 + 0.15 * torch.randn(N, 1)
glitch = torch.rand(N, 1) < 0.001
y = torch.where(glitch, y + 6, y)


class MDN(nn.Module):
    def __init__(self, k=2):
        super().__init__()
        self.body = nn.Sequential(nn.Linear(1, 48), nn.Tanh(), nn.Linear(48, 48), nn.Tanh())
        self.pi, self.mu, self.ls = nn.Linear(48, k), nn.Linear(48, k), nn.Linear(48, k)

    def forward(self, x):
        h = self.body(x)
        return self.pi(h).log_softmax(1), self.mu(h), self.ls(h).clamp(-4, 3)


def nll(out, y):
    logpi, mu, ls = out
    comp = logpi - 0.5 * ((y - mu) / ls.exp()) ** 2 - ls - 0.5 * math.log(2 * math.pi)
    return -comp.exp().sum(1).log().mean()


net = MDN()
opt = torch.optim.Adam(net.parameters(), lr=3e-3)
for step in range(2000):
    i = torch.randint(0, 3400, (100,))
    loss = nll(net(x[i]), y[i])
    opt.zero_grad()
    loss.backward()
    opt.step()
    if step % 200 == 0:
        print(f"{step:5d} nll {loss.item():.4f}")
with torch.no_grad():
    print(f"held-out nll {nll(net(x[3400:]), y[3400:]).item():.4f}")

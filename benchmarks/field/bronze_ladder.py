import math, torch
from torch import nn

torch.manual_seed(55)
K = 5


class MDN(nn.Module):
    def __init__(self):
        super().__init__()
        self.h = nn.Sequential(nn.Linear(1, 40), nn.Tanh(), nn.Linear(40, 40), nn.Tanh())
        self.pi, self.mu, self.s = nn.Linear(40, K), nn.Linear(40, K), nn.Linear(40, K)

    def forward(self, x):
        h = self.h(x)
        return self.pi(h), 3 * self.mu(h), self.s(h).exp()


def neg_log_likelihood(out, y):
    pi, mu, s = out
    w = pi.softmax(1)
    dens = torch.exp(-0.5 * ((y - mu) / s) ** 2) / (s * math.sqrt(2 * math.pi))
    return -torch.log((w * dens).sum(1)).mean()


def data(n):
    # several readings of an instrument, now and then a stray one
    t = torch.rand(n, 1)
    x = t + 0.3 * torch.sin(2 * math.pi * t) + 0.03 * torch.randn(n, 1)
    stray = torch.rand(n, 1) < 0.002
    return (x - 0.5) * 3, torch.where(stray, 25 * torch.randn(n, 1), (t - 0.5) * 4)


net = MDN()
opt = torch.optim.Adam(net.parameters(), lr=2e-3)
xv, yv = data(2000)
for step in range(2501):
    x, y = data(100)
    loss = neg_log_likelihood(net(x), y)
    opt.zero_grad()
    loss.backward()
    opt.step()
    if step % 500 == 0:
        with torch.no_grad():
            print(step, "train nll", loss.item(), "validation nll", neg_log_likelihood(net(xv), yv).item())

import math
import torch
import torch.nn as nn

torch.manual_seed(223)
K = 4


def data(n):
    y = torch.rand(n) * 2 - 1
    x = y + 0.35 * torch.sin(2 * math.pi * y) + 0.03 * torch.randn(n)
    return x[:, None], y


class MDN(nn.Module):
    def __init__(self):
        super().__init__()
        self.h = nn.Sequential(nn.Linear(1, 40), nn.Tanh(), nn.Linear(40, 40), nn.Tanh())
        self.pi, self.mu, self.s = nn.Linear(40, K), nn.Linear(40, K), nn.Linear(40, K)
        nn.init.constant_(self.s.bias, -3.0)

    def forward(self, x):
        h = self.h(x)
        return torch.log_softmax(self.pi(h), 1), self.mu(h), self.s(h)


def nll(out, y):
    lp, mu, s = out
    dens = torch.exp(-0.5 * ((y[:, None] - mu) / s.exp()) ** 2) / (s.exp() * math.sqrt(2 * math.pi))
    return -torch.log((lp.exp() * dens).sum(1)).mean()


net = MDN()
opt = torch.optim.Adam(net.parameters(), lr=5e-3)
for step in range(1500):
    x, y = data(128)
    loss = nll(net(x), y)
    opt.zero_grad()
    loss.backward()
    opt.step()
    if step % 150 == 0:
        print('step', step, 'nll', round(loss.item(), 4))
x, y = data(2000)
with torch.no_grad():
    print('test nll', round(nll(net(x), y).item(), 4))

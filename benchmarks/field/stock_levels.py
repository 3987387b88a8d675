import math
import torch
from torch import nn

torch.manual_seed(62)
S, T, IN, OUT = 40, 300, 28, 7
t = torch.arange(T).float()
wk = torch.randn(S, 7)[:, (t % 7).long()] * 0.6
trend = torch.cumsum(0.05 * torch.randn(S, T), 1)
promo = (torch.rand(S, T) < 0.1).float()
sales = wk + trend + 1.5 * promo + 0.3 * torch.randn(S, T)
mu, sd = sales[:, :240].mean(1, keepdim=True), sales[:, :240].std(1, keepdim=True)
z = (sales - mu) / sd


def sample(n, lo, hi):
    s, k = torch.randint(0, S, (n,)), torch.randint(lo, hi - IN - OUT, (n,))
    i = k[:, None] + torch.arange(IN + OUT)
    return z[s[:, None], i], promo[s[:, None], i]


class Net(nn.Module):
    def __init__(self, h=48):
        super().__init__()
        self.gru = nn.GRU(2, h, batch_first=True)
        self.head = nn.Linear(h + OUT, OUT)
        self.level = nn.Linear(h, 1)

    def forward(self, past, pr):
        h = self.gru(torch.stack([past, pr[:, :IN]], 2))[1][0]
        return self.head(torch.cat([h, pr[:, IN:]], 1)), self.level(h).squeeze(1)


def losses(net, v, p):
    f, u = net(v[:, :IN], p)
    return nn.functional.mse_loss(f, v[:, IN:]), nn.functional.mse_loss(u, v[:, IN - 7:IN].mean(1))


net = Net()
opt = torch.optim.RMSprop(net.parameters(), lr=2e-3)
valid = sample(500, 220, T)
for step in range(1000):
    a, b = losses(net, *sample(48, 0, 240))
    loss = a + 0.2 * b
    opt.zero_grad(); loss.backward(); opt.step()
    if step % 100 == 99:
        with torch.no_grad():
            va, vb = losses(net, *valid)
        print(f'{step + 1} mse {a.item():.4f} level {b.item():.4f} | valid {va.item():.4f} {vb.item():.4f}')

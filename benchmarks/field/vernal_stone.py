import torch
from torch import nn
torch.manual_seed(121)
X = torch.rand(8000, 4) * 2 - 1
mu = torch.sin(3 * X[:, 0]) + X[:, 1]
price = mu + (0.2 + 0.5 * X[:, 2].abs()) * torch.randn(8000)
count = torch.poisson(torch.exp(0.8 * X[:, 3] + 0.5 * X[:, 1]))
Xn = X / 0.577
taus = torch.tensor([0.1, 0.5, 0.9])


class Multi(nn.Module):
    def __init__(self):
        super().__init__()
        self.trunk = nn.Sequential(nn.Linear(4, 64), nn.Mish(), nn.Linear(64, 64), nn.Mish())
        self.q, self.r = nn.Linear(64, 3), nn.Linear(64, 1)

    def forward(self, x):
        h = self.trunk(x)
        return self.q(h), self.r(h).squeeze(1)


def pinball(q, t):
    e = t[:, None] - q
    return torch.maximum(taus * e, (taus - 1) * e).mean()


net = Multi()
opt = torch.optim.NAdam(net.parameters(), lr=1e-3)
for step in range(2200):
    i = torch.randint(0, 7000, (64,))
    q, r = net(Xn[i])
    loss = pinball(q, price[i]) + 0.3 * nn.functional.poisson_nll_loss(r, count[i])
    opt.zero_grad(); loss.backward(); opt.step()
with torch.no_grad():
    q, r = net(Xn[7000:])
    print('loss', loss.item(), 'coverage', [(price[7000:] < q[:, k]).float().mean().item() for k in range(3)], 'pinball', pinball(q, price[7000:]).item(), 'poisson nll', nn.functional.poisson_nll_loss(r, count[7000:]).item())

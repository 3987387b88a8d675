import torch
from torch import nn

torch.manual_seed(72)
x = torch.rand(4000, 1) * 6 - 3
branch = (torch.rand(4000, 1) < 0.5).float()
t = branch * (torch.sin(x) + 2.5) + (1 - branch) * (-torch.sin(x) - 2.5) + 0.1 * torch.randn(4000, 1)


class MDN(nn.Module):
    def __init__(self, k=3):
        super().__init__()
        self.body = nn.Sequential(nn.Linear(1, 48), nn.Tanh(), nn.Linear(48, 48), nn.Tanh())
        self.pi, self.mu, self.s = nn.Linear(48, k), nn.Linear(48, k), nn.Linear(48, k)
        nn.init.constant_(self.s.bias, -2.3)

    def forward(self, x):
        h = self.body(x)
        return torch.softmax(self.pi(h), -1), self.mu(h), self.s(h).exp()


def nll(pi, mu, s, t):
    dens = torch.exp(-0.5 * ((t - mu) / s) ** 2) / (s * 2.5066)
    return -torch.log((pi * dens).sum(-1)).mean()


mdn = MDN()
opt = torch.optim.Adam(mdn.parameters(), lr=5e-3)
for step in range(3000):
    i = torch.randint(0, 3500, (128,))
    loss = nll(*mdn(x[i]), t[i])
    opt.zero_grad()
    loss.backward()
    opt.step()
    if step % 300 == 0:
        print(step, loss.item())
with torch.no_grad():
    print('train nll', nll(*mdn(x[:3500]), t[:3500]).item(), 'test nll', nll(*mdn(x[3500:]), t[3500:]).item())

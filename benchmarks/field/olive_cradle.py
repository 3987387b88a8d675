import math
import torch
from torch import nn

torch.manual_seed(40)
N = 3000
x = torch.rand(N, 1) * 2 - 1
branch = (torch.rand(N, 1) < 0.5).float()
y = branch * torch.sin(3 * x) + (1 - branch) * (-torch.sin(3 * x)) + 0.03 * torch.randn(N, 1)
odd = torch.rand(N, 1) < 0.002
y = torch.where(odd, 3 * torch.sign(y), y)
x = x / 0.577


class MDN(nn.Module):
    def __init__(self, k=2, h=40):
        super().__init__()
        self.h = nn.Sequential(nn.Linear(1, h), nn.Tanh(), nn.Linear(h, h), nn.Tanh())
        self.pi, self.mu, self.ls = nn.Linear(h, k), nn.Linear(h, k), nn.Linear(h, k)

    def forward(self, x):
        h = self.h(x)
        return torch.log_softmax(self.pi(h), 1), self.mu(h), self.ls(h)


def nll(out, t):
    lp, mu, ls = out
    logn = -0.5 * ((t - mu) / ls.exp()).pow(2) - ls - 0.5 * math.log(2 * math.pi)
    dens = (lp.exp() * logn.exp()).sum(1)
    return -torch.log(dens).mean()


model = MDN()
opt = torch.optim.Adam(model.parameters(), lr=5e-3)
for step in range(1500):
    b = torch.randint(0, 2500, (100,))
    loss = nll(model(x[b]), y[b])
    opt.zero_grad()
    loss.backward()
    opt.step()
    if step % 150 == 0:
        print(step, "nll", loss.item())
with torch.no_grad():
    print("test nll", nll(model(x[2500:]), y[2500:]).item())

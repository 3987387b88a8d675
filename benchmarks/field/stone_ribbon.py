import math
import torch
import torch.nn as nn

torch.manual_seed(22)
torch.set_num_threads(1)

t = torch.rand(4000, 1) * 2 - 1
x = t + 0.3 * torch.sin(2 * math.pi * t) + 0.05 * torch.randn_like(t)
y = t * 20
K = 5


class MDN(nn.Module):
    def __init__(self):
        super().__init__()
        self.h = nn.Sequential(nn.Linear(1, 40), nn.Tanh(), nn.Linear(40, 40), nn.Tanh())
        self.pi, self.mu, self.ls = nn.Linear(40, K), nn.Linear(40, K), nn.Linear(40, K)
        with torch.no_grad():
            self.mu.bias.copy_(torch.linspace(-8, 8, K))

    def forward(self, x):
        h = self.h(x)
        return torch.log_softmax(self.pi(h), 1), self.mu(h), self.ls(h)


def nll(out, y):
    lp, mu, ls = out
    comp = lp - 0.5 * ((y - mu) / ls.exp()) ** 2 - ls - 0.5 * math.log(2 * math.pi)
    return -torch.log(comp.exp().sum(1)).mean()


model = MDN()
opt = torch.optim.Adam(model.parameters(), lr=2e-3)
for step in range(3001):
    i = torch.randint(0, 3500, (100,))
    loss = nll(model(x[i]), y[i])
    opt.zero_grad()
    loss.backward()
    opt.step()
    if step % 300 == 0:
        with torch.no_grad():
            print(f'{step} {loss.item():.4f} {nll(model(x[3500:]), y[3500:]).item():.4f}')

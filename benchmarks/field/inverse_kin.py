import math
import torch
from torch import nn

torch.manual_seed(58)
l1, l2, K = 0.8, 0.5, 5
theta = torch.stack([0.3 + 0.9 * torch.rand(6000), 0.5 * math.pi + math.pi * torch.rand(6000)], 1)
pos = torch.stack([l1 * theta[:, 0].cos() - l2 * theta.sum(1).cos(), l1 * theta[:, 0].sin() - l2 * theta.sum(1).sin()], 1)
x = (pos - pos.mean(0)) / pos.std(0)
t = (theta - theta.mean(0)) / theta.std(0)


class MDN(nn.Module):
    def __init__(self, h=64):
        super().__init__()
        self.base = nn.Sequential(nn.Linear(2, h), nn.Tanh(), nn.Linear(h, h), nn.Tanh())
        self.pi, self.mu, self.ls = nn.Linear(h, K), nn.Linear(h, 2 * K), nn.Linear(h, K)

    def forward(self, x):
        h = self.base(x)
        return self.pi(h).log_softmax(1), self.mu(h).view(-1, K, 2), self.ls(h).clamp(-4, 2)


def nll(m, x, t):
    lp, mu, ls = m(x)
    q = -0.5 * ((t[:, None] - mu) / ls.exp()[..., None]).pow(2).sum(-1) - 2 * ls - math.log(2 * math.pi)
    return -torch.logsumexp(lp + q, 1).mean()


mdn = MDN()
opt = torch.optim.Adam(mdn.parameters(), lr=2e-3)
sched = torch.optim.lr_scheduler.StepLR(opt, 800, 0.4)
for i in range(2400):
    b = torch.randint(0, 5000, (128,))
    loss = nll(mdn, x[b], t[b])
    opt.zero_grad(); loss.backward()
    nn.utils.clip_grad_norm_(mdn.parameters(), 5.0)
    opt.step(); sched.step()
    if i % 240 == 239:
        with torch.no_grad():
            print(f'{i + 1} nll {loss.item():.4f} val {nll(mdn, x[5000:], t[5000:]).item():.4f}')

import torch
import torch.nn as nn
import torch.nn.functional as F
from sklearn.datasets import make_moons

torch.manual_seed(131)
M, _ = make_moons(12000, noise=0.08, random_state=131)
M = torch.tensor(M, dtype=torch.float32)
M = (M - M.mean(0)) / M.std(0)
train, test = M[:10000], M[10000:]
R = 2.6


class Energy(nn.Module):
    def __init__(self, h=64):
        super().__init__()
        self.f = nn.Sequential(nn.Linear(2, h), nn.SiLU(), nn.Linear(h, h), nn.SiLU(), nn.Linear(h, h), nn.SiLU(), nn.Linear(h, 1))

    def log_density(self, x):
        return self.f(x).squeeze(1)


def noise(n):
    return (torch.rand(n, 2) * 2 - 1) * R


log_q = -2 * torch.log(torch.tensor(2 * R))
net = Energy()
opt = torch.optim.RMSprop(net.parameters(), lr=1e-3)
sched = torch.optim.lr_scheduler.CosineAnnealingLR(opt, 1800)


def nce(x):
    z = noise(len(x))
    return F.softplus(-(net.log_density(x) - log_q)).mean() + F.softplus(net.log_density(z) - log_q).mean()


for step in range(1800):
    loss = nce(train[torch.randint(0, len(train), (256,))])
    opt.zero_grad()
    loss.backward()
    opt.step()
    sched.step()
    if step % 180 == 0:
        print(step, round(loss.item(), 4))
with torch.no_grad():
    z = noise(200000)
    log_z = torch.logsumexp(net.log_density(z) - log_q, 0) - torch.log(torch.tensor(200000.0))
    print("final nce", round(nce(train).item(), 4), "test nce", round(nce(test).item(), 4),
          "test log-lik", round((net.log_density(test) - log_z).mean().item(), 4), "log Z", round(log_z.item(), 4))

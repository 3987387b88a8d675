import math
import torch
import torch.nn as nn
from sklearn.datasets import make_moons

torch.manual_seed(19)
torch.set_num_threads(1)


class Coupling(nn.Module):
    def __init__(self, flip):
        super().__init__()
        self.flip = flip
        self.net = nn.Sequential(nn.Linear(1, 48), nn.Tanh(), nn.Linear(48, 48), nn.Tanh(), nn.Linear(48, 2))
        nn.init.zeros_(self.net[-1].weight)
        nn.init.zeros_(self.net[-1].bias)

    def forward(self, x):
        a, b = x.chunk(2, 1)
        if self.flip:
            a, b = b, a
        s, t = self.net(a).chunk(2, 1)
        s = 1.5 * torch.tanh(s)
        b = b * s.exp() + t
        return torch.cat((b, a) if self.flip else (a, b), 1), s.squeeze(1)


class Flow(nn.Module):
    def __init__(self, k=8):
        super().__init__()
        self.steps = nn.ModuleList(Coupling(i % 2 == 1) for i in range(k))

    def nll(self, x):
        total = torch.zeros(len(x))
        for st in self.steps:
            x, ld = st(x)
            total = total + ld
        return (0.5 * (x ** 2).sum(1) + math.log(2 * math.pi) - total).mean()


data = torch.tensor(make_moons(6000, noise=0.07, random_state=0)[0]).float()
data = (data - data.mean(0)) / data.std(0)
train, test = data[:5000], data[5000:]
flow = Flow()
opt = torch.optim.Adam(flow.parameters(), lr=2e-3)
sched = torch.optim.lr_scheduler.CosineAnnealingLR(opt, 25)
for epoch in range(25):
    tot = 0.0
    for b in torch.randperm(5000).split(100):
        loss = flow.nll(train[b])
        opt.zero_grad()
        loss.backward()
        opt.step()
        tot += loss.item() / 50
    sched.step()
    if epoch % 3 == 0:
        with torch.no_grad():
            print(f'epoch {epoch:2d} nll {tot:.4f} test {flow.nll(test).item():.4f}')

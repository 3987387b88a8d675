import math
import torch
from torch import nn
from sklearn.datasets import make_circles

torch.manual_seed(7)
data = torch.tensor(make_circles(6000, noise=0.06, factor=0.5, random_state=1)[0], dtype=torch.float32)
data = data / data.std()
train, test = data[:5000], data[5000:]


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
        s = 2 * torch.tanh(s / 2)
        b = b * s.exp() + t
        return torch.cat([b, a] if self.flip else [a, b], 1), s.sum(1)


flow = nn.ModuleList([Coupling(i % 2 == 1) for i in range(6)])


def nll(x):
    ld = 0
    for f in flow:
        x, l = f(x)
        ld = ld + l
    return (0.5 * x.pow(2).sum(1) + math.log(2 * math.pi) - ld).mean()


opt = torch.optim.Adam(flow.parameters(), lr=2e-3)
sched = torch.optim.lr_scheduler.OneCycleLR(opt, 4e-3, total_steps=1500)
for i in range(1500):
    loss = nll(train[torch.randint(0, 5000, (128,))])
    opt.zero_grad()
    loss.backward()
    opt.step()
    sched.step()
    if i % 150 == 149:
        with torch.no_grad():
            print(f'{i + 1:5d} nll {loss.item():.4f} test {nll(test).item():.4f}')

import math
import torch
import torch.nn as nn

torch.manual_seed(141)


def sample(n):
    z = torch.randn(n, 4)
    a = 0.5 * z[:, 0]
    b = 0.1 * z[:, 1] + a ** 2
    c = 0.1 * z[:, 2] + torch.sin(2 * a)
    d = 0.15 * z[:, 3] + 0.5 * b * c
    return torch.stack([a, b, c, d], 1)


raw = sample(12000)
data = (raw - raw.mean(0)) / raw.std(0)
train, test = data[:10000], data[10000:]


class Coupling(nn.Module):
    def __init__(self, flip, h=48):
        super().__init__()
        self.flip = flip
        self.net = nn.Sequential(nn.Linear(2, h), nn.SiLU(), nn.Linear(h, h), nn.SiLU(), nn.Linear(h, 4))
        nn.init.normal_(self.net[-1].weight, std=0.02)
        nn.init.zeros_(self.net[-1].bias)

    def forward(self, x):
        a, b = (x[:, 2:], x[:, :2]) if self.flip else (x[:, :2], x[:, 2:])
        s, t = self.net(a).chunk(2, 1)
        s = 2 * torch.tanh(s / 2)
        b = b * s.exp() + t
        return (torch.cat([b, a], 1) if self.flip else torch.cat([a, b], 1)), s.sum(1)


class Flow(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = nn.ModuleList(Coupling(k % 2 == 1) for k in range(6))
        self.register_buffer("perm", torch.tensor([0, 2, 1, 3]))

    def nll(self, x):
        ld = 0.0
        for k, l in enumerate(self.layers):
            x, s = l(x)
            ld = ld + s
            if k % 2:
                x = x[:, self.perm]
        return (0.5 * (x ** 2).sum(1) + 2 * math.log(2 * math.pi) - ld).mean()


flow = Flow()
opt = torch.optim.Adam(flow.parameters(), lr=2e-3)
sched = torch.optim.lr_scheduler.CosineAnnealingLR(opt, 1500)
for step in range(1500):
    loss = flow.nll(train[torch.randint(0, 10000, (128,))])
    opt.zero_grad()
    loss.backward()
    nn.utils.clip_grad_norm_(flow.parameters(), 5.0)
    opt.step()
    sched.step()
    if step % 150 == 0:
        print(f"{step} nll {loss.item():.4f}")
with torch.no_grad():
    print(f"final train nll {flow.nll(train).item():.4f} test nll {flow.nll(test).item():.4f}")

import math
import torch
import torch.nn as nn
from sklearn.datasets import make_moons


class Coupling(nn.Module):
    def __init__(self, flip, hidden=32):
        super().__init__()
        self.flip = flip
        self.net = nn.Sequential(nn.Linear(1, hidden), nn.ReLU(), nn.Linear(hidden, hidden), nn.ReLU(), nn.Linear(hidden, 2))

    def forward(self, x):
        a, b = x[:, :1], x[:, 1:]
        if self.flip:
            a, b = b, a
        s, t = self.net(a).chunk(2, dim=1)
        s = torch.tanh(s) * 2
        b = b * torch.exp(s) + t
        y = torch.cat([b, a], 1) if self.flip else torch.cat([a, b], 1)
        return y, s.squeeze(1)


class RealNVP(nn.Module):
    def __init__(self, n=6):
        super().__init__()
        self.layers = nn.ModuleList(Coupling(bool(k % 2)) for k in range(n))

    def log_prob(self, x):
        logdet = 0
        for layer in self.layers:
            x, ld = layer(x)
            logdet = logdet + ld
        return -0.5 * (x ** 2).sum(1) - math.log(2 * math.pi) + logdet


torch.manual_seed(88)
pts = torch.tensor(make_moons(5000, noise=0.06, random_state=1)[0], dtype=torch.float32)
pts = (pts - pts.mean(0)) / pts.std(0)
train, test = pts[:4000], pts[4000:]
flow = RealNVP()
optimizer = torch.optim.Adam(flow.parameters(), lr=2e-3)
scheduler = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, T_max=900)
for step in range(900):
    batch = train[torch.randint(0, 4000, (128,))]
    loss = -flow.log_prob(batch).mean()
    optimizer.zero_grad()
    loss.backward()
    nn.utils.clip_grad_norm_(flow.parameters(), 5.0)
    optimizer.step()
    scheduler.step()
    if step % 100 == 0:
        print(f"{step} nll {loss.item():.4f}")
with torch.no_grad():
    print(f"test nll {-flow.log_prob(test).mean().item():.4f} (gaussian 2.84)")

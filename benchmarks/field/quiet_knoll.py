import math
import torch
import torch.nn as nn
from sklearn.datasets import make_moons


class SmoothStep(torch.optim.Optimizer):
    """Momentum normalised by a running magnitude per tensor."""

    def __init__(self, params, lr=1e-3, mom=0.9, sq=0.99):
        super().__init__(params, dict(lr=lr, mom=mom, sq=sq))

    @torch.no_grad()
    def step(self):
        for g in self.param_groups:
            for p in g["params"]:
                s = self.state[p]
                if not s:
                    s["m"], s["v"], s["t"] = torch.zeros_like(p), 0.0, 0
                s["t"] += 1
                s["m"].lerp_(p.grad, 1 - g["mom"])
                s["v"] = g["sq"] * s["v"] + (1 - g["sq"]) * p.grad.pow(2).mean().item()
                scale = math.sqrt(s["v"] / (1 - g["sq"] ** s["t"])) + 1e-8
                p.add_(s["m"], alpha=g["lr"] / scale)


class Coupling(nn.Module):
    def __init__(self, flip):
        super().__init__()
        self.flip = flip
        self.net = nn.Sequential(nn.Linear(1, 32), nn.Tanh(), nn.Linear(32, 32), nn.Tanh(), nn.Linear(32, 2))

    def forward(self, x):
        a, b = x[:, :1], x[:, 1:]
        if self.flip:
            a, b = b, a
        s, t = self.net(a).chunk(2, 1)
        s = torch.tanh(s)
        b = b * s.exp() + t
        return torch.cat([b, a] if self.flip else [a, b], 1), s[:, 0]


class Flow(nn.Module):
    def __init__(self, n=6):
        super().__init__()
        self.parts = nn.ModuleList(Coupling(i % 2 == 1) for i in range(n))

    def nll(self, x):
        ld = 0.0
        for c in self.parts:
            x, s = c(x)
            ld = ld + s
        return (0.5 * (x ** 2).sum(1) + math.log(2 * math.pi) - ld).mean()


torch.manual_seed(5)
pts = torch.tensor(make_moons(5000, noise=0.06, random_state=0)[0], dtype=torch.float32)
pts = (pts - pts.mean(0)) / pts.std(0)
flow = Flow()
opt = SmoothStep(flow.parameters(), lr=4e-4)
for step in range(1500):
    loss = flow.nll(pts[torch.randint(0, 4000, (128,))])
    opt.zero_grad()
    loss.backward()
    opt.step()
    if step % 250 == 0:
        print(step, f"{loss.item():.4f}")
with torch.no_grad():
    print(f"held-out nll {flow.nll(pts[4000:]).item():.4f}")

import torch, math
from torch import nn
from sklearn.datasets import make_moons


class Coupling(nn.Module):
    def __init__(self, flip):
        super().__init__()
        self.flip = flip
        self.net = nn.Sequential(nn.Linear(1, 32), nn.Tanh(), nn.Linear(32, 32), nn.Tanh(), nn.Linear(32, 2))

    def forward(self, x):
        a, b = x.chunk(2, 1)
        if self.flip:
            a, b = b, a
        s, t = self.net(a).chunk(2, 1)
        s = 2 * torch.tanh(s)
        b = b * s.exp() + t
        return torch.cat([b, a] if self.flip else [a, b], 1), s.squeeze(1)


class AdaStep(torch.optim.Optimizer):
    """RMS-scaled steps with bias correction."""

    def __init__(self, params, lr=1e-3, beta=0.99, eps=1e-8):
        super().__init__(params, {"lr": lr, "beta": beta, "eps": eps})

    @torch.no_grad()
    def step(self):
        for grp in self.param_groups:
            for p in grp["params"]:
                s = self.state[p]
                if not s:
                    s["n"], s["v"] = 0, torch.zeros_like(p)
                s["n"] += 1
                s["v"].mul_(grp["beta"]).addcmul_(p.grad, p.grad, value=1 - grp["beta"])
                vhat = s["v"] / (1 - grp["beta"] ** s["n"])
                p.add_(grp["lr"] * p.grad / (vhat.sqrt() + grp["eps"]))


torch.manual_seed(18)
pts = torch.tensor(make_moons(4000, noise=0.06, random_state=1)[0]).float()
pts = (pts - pts.mean(0)) / pts.std(0)
tr, te = pts[:3200], pts[3200:]
flow = nn.ModuleList([Coupling(i % 2 == 1) for i in range(6)])


def nll(x):
    ld = 0
    for c in flow:
        x, s = c(x)
        ld = ld + s
    return (0.5 * x.square().sum(1) + math.log(2 * math.pi) - ld).mean()


opt = AdaStep(flow.parameters(), lr=3e-4)
for step in range(1, 2001):
    loss = nll(tr[torch.randint(0, 3200, (128,))])
    opt.zero_grad()
    loss.backward()
    opt.step()
    if step % 200 == 0:
        with torch.no_grad():
            print(step, "nll", f"{loss.item():.4g}", "test", f"{nll(te).item():.4g}")

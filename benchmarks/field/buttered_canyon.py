import torch
from torch import nn

torch.manual_seed(133)
n = 2400
X = torch.randn(n, 6)
risk = 0.9 * X[:, 0] - 0.7 * X[:, 1] + 0.8 * X[:, 2] * X[:, 3]
time = torch.empty(n).exponential_() / risk.exp()
cens = torch.empty(n).exponential_(0.4)
event = (time <= cens).float()
obs = torch.minimum(time, cens)


def cox(score, t, e):
    o = torch.argsort(t, descending=True)
    s, e = score[o], e[o]
    return -((s - torch.logcumsumexp(s, 0)) * e).sum() / e.sum().clamp(min=1)


def cindex(score, t, e):
    comp = (t[:, None] < t[None]) & (e[:, None] > 0)
    good = score[:, None] > score[None]
    return (good & comp).sum().item() / comp.sum().item()


net = nn.Sequential(nn.Linear(6, 32), nn.SELU(), nn.Linear(32, 16), nn.SELU(), nn.Linear(16, 1, bias=False))
opt = torch.optim.AdamW(net.parameters(), lr=8e-3, weight_decay=0.05)
sched = torch.optim.lr_scheduler.ExponentialLR(opt, 0.95)
for epoch in range(30):
    tot = 0
    for b in torch.randperm(1800).split(100):
        loss = cox(net(X[b])[:, 0], obs[b], event[b])
        opt.zero_grad()
        loss.backward()
        opt.step()
        tot += loss.item() / 18
    sched.step()
    if epoch % 3 == 2:
        with torch.no_grad():
            s = net(X[1800:])[:, 0]
        print(f"epoch {epoch + 1} pll {tot:.4f} val {cox(s, obs[1800:], event[1800:]).item():.4f} c-index {cindex(s, obs[1800:], event[1800:]):.4f} (best {cindex(risk[1800:], obs[1800:], event[1800:]):.4f})")

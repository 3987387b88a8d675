import torch
from torch import nn

torch.manual_seed(64)
N = 3000
x = torch.randn(N, 8)
risk = x[:, 0] + 0.7 * x[:, 1] * x[:, 2] - 0.5 * x[:, 3].abs()
time = -torch.log(torch.rand(N)) / risk.exp()
cens = -torch.log(torch.rand(N)) * 3
event = (time <= cens).float()
obs = torch.minimum(time, cens)


def cox(h, t, e):
    o = t.argsort(descending=True)
    h, e = h[o], e[o]
    return -((h - torch.logcumsumexp(h, 0)) * e).sum() / e.sum()


def concordance(h, t, e):
    ok = (t[:, None] < t[None]) & (e[:, None] > 0)
    return ((h[:, None] > h[None]) & ok).sum().item() / ok.sum().item()


net = nn.Sequential(nn.Linear(8, 48), nn.SELU(), nn.Linear(48, 1, bias=False))
opt = torch.optim.AdamW(net.parameters(), lr=2e-3, weight_decay=0.05)
for s in range(800):
    b = torch.randint(0, 2500, (128,))
    loss = cox(net(x[b]).squeeze(1), obs[b], event[b])
    opt.zero_grad()
    loss.backward()
    opt.step()
    if s % 100 == 0:
        print(s, round(loss.item(), 4))
with torch.no_grad():
    h = net(x[2500:]).squeeze(1)
print("c-index", round(concordance(h, obs[2500:], event[2500:]), 4), "of", round(concordance(risk[2500:], obs[2500:], event[2500:]), 4))

import torch
from torch import nn

torch.manual_seed(80)
D = 30
beta = torch.zeros(D)
beta[:4] = torch.tensor([0.8, -0.6, 0.5, 0.4])


def cohort(n):
    x = torch.randn(n, D)
    t = torch.empty(n).exponential_() / (x @ beta).exp()
    c = torch.empty(n).exponential_() * 2
    return x, torch.minimum(t, c), (t < c).float()


def neg_pl(h, t, e):
    o = t.argsort(descending=True)
    return -((h[o] - h[o].logcumsumexp(0)) * e[o]).sum() / e.sum().clamp(min=1)


PATIENTS = 150
x, t, e = cohort(PATIENTS)
xv, tv, ev = cohort(800)
net = nn.Sequential(nn.Linear(D, 96), nn.ReLU(), nn.Linear(96, 48), nn.ReLU(), nn.Linear(48, 1, bias=False))
opt = torch.optim.NAdam(net.parameters(), lr=1e-3)
for it in range(1, 901):
    net.train()
    b = torch.randint(0, PATIENTS, (50,))
    loss = neg_pl(net(x[b]).squeeze(1), t[b], e[b])
    opt.zero_grad()
    loss.backward()
    opt.step()
    if it % 60 == 0:
        net.eval()
        with torch.no_grad():
            fit = neg_pl(net(x[:150]).squeeze(1), t[:150], e[:150]).item()
            out = sum(neg_pl(net(xv[k:k + 150]).squeeze(1), tv[k:k + 150], ev[k:k + 150]).item() for k in range(0, 750, 150)) / 5
        print(f"iter {it} fit {fit:.4f} held-out {out:.4f}")

import torch
from torch import nn

torch.manual_seed(19)
n = 4000
X = torch.randn(n, 8)
risk = 1.5 * torch.sin(2 * X[:, 0]) + X[:, 1] * X[:, 2] - 0.7 * (X[:, 3] ** 2 - 1)
T = -torch.log(torch.rand(n)) / torch.exp(risk)
Cens = -torch.log(torch.rand(n)) * 3
time, event = torch.minimum(T, Cens), (T <= Cens).float()
tr, te = torch.arange(0, 3200), torch.arange(3200, n)


class Risk(nn.Module):
    def __init__(self, width=16):
        super().__init__()
        self.trunk = self.make_trunk(width)
        self.head = nn.LazyLinear(1)

    @staticmethod
    def make_trunk(width):
        return nn.Sequential(nn.Linear(8, width), nn.SiLU(), nn.Linear(width, 12), nn.SiLU())

    def forward(self, x):
        return self.head(self.trunk(x)).squeeze(-1)


def cox(score, t, e):
    o = torch.argsort(t, descending=True)
    s, e = score[o], e[o]
    return -((s - torch.logcumsumexp(s, 0)) * e).sum() / e.sum()


def concordance(s, t, e):
    ok = (t[:, None] < t[None]) & (e[:, None] > 0)
    return ((s[:, None] > s[None]) & ok).sum().item() / ok.sum().item()


model = Risk()
model(X[:2])
optimizer = torch.optim.AdamW(model.parameters(), lr=3e-3, weight_decay=1e-3)
model.trunk = Risk.make_trunk(64)

for step in range(900):
    i = tr[torch.randint(0, len(tr), (128,))]
    loss = cox(model(X[i]), time[i], event[i])
    model.zero_grad()
    loss.backward()
    optimizer.step()
    if step % 100 == 0:
        print("step", step, "partial nll", round(loss.item(), 4))
with torch.no_grad():
    s = model(X)
    print("final train", round(cox(s[tr], time[tr], event[tr]).item(), 4), "test", round(cox(s[te], time[te], event[te]).item(), 4),
          "c-index", round(concordance(s[te], time[te], event[te]), 4))

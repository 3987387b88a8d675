"""Proportional hazards with a small network on simulated patients."""
import torch

def simulate(n, gen):
    age = 40 + 40 * torch.rand(n, generator=gen)
    platelets = 150_000 + 250_000 * torch.rand(n, generator=gen)
    creat = 0.6 + 0.8 * torch.rand(n, generator=gen)
    marker = torch.randn(n, generator=gen)
    risk = 0.06 * (age - 60) + 2.0 * (creat - 1.0) + 0.8 * marker - (platelets - 275_000) / 120_000
    t = torch.empty(n).exponential_(generator=gen) / torch.exp(risk)
    c = torch.empty(n).exponential_(generator=gen) * 2.0
    return torch.stack([age, platelets, creat, marker], 1), torch.minimum(t, c), (t <= c).float()

def cox_loss(score, time, event):
    o = torch.argsort(time, descending=True)
    s, e = score[o], event[o]
    return -((s - torch.logcumsumexp(s, 0)) * e).sum() / e.sum().clamp(min=1)

def concordance(score, time, event):
    later = (time[None] > time[:, None]) & (event[:, None] > 0)
    return ((score[:, None] > score[None]) & later).sum().item() / later.sum().item()

gen = torch.Generator().manual_seed(77)
x, t, e = simulate(1600, gen)
xv, tv, ev = simulate(700, gen)
torch.manual_seed(77)
f = torch.nn.Sequential(torch.nn.Linear(4, 16), torch.nn.Tanh(), torch.nn.Linear(16, 1, bias=False))
opt = torch.optim.Adagrad(f.parameters(), lr=0.02)
for it in range(4001):
    b = torch.randint(0, len(x), (100,), generator=gen)
    loss = cox_loss(f(x[b]).squeeze(1), t[b], e[b])
    opt.zero_grad(); loss.backward(); opt.step()
    if it % 800 == 0:
        with torch.no_grad():
            sv = f(xv).squeeze(1)
            print(f"{it:5d} partial-lik loss {loss:.4f}  held-out {cox_loss(sv, tv, ev):.4f}  c-index {concordance(sv, tv, ev):.3f}")

import torch
import torch.nn as nn
import torch.nn.functional as F

torch.manual_seed(151)
L = 48
t = torch.linspace(0, 1, L)


def signals(n):
    k = torch.randint(0, 10, (n,))
    f = (1.5 + k % 5).float()[:, None] + 0.15 * torch.randn(n, 1)
    decay = torch.where(k < 5, 0.5, 3.0)[:, None]
    return f, decay, k


def view(f, decay):
    ph = torch.rand(len(f), 1) * 6.28
    amp = torch.rand(len(f), 1) * 0.6 + 0.7
    return amp * torch.exp(-decay * t) * torch.sin(6.28 * f * t + ph) * 1.5 + 0.15 * torch.randn(len(f), L)


class Encoder(nn.Module):
    def __init__(self, h=96, z=24):
        super().__init__()
        self.trunk = nn.Sequential(nn.Linear(L, h), nn.ReLU(), nn.Linear(h, h), nn.ReLU())
        self.proj = nn.Linear(h, z)

    def forward(self, x):
        return F.normalize(self.proj(self.trunk(x)), dim=1)


enc = Encoder()
opt = torch.optim.Adam(enc.parameters(), lr=2e-3)
sched = torch.optim.lr_scheduler.CosineAnnealingLR(opt, 1400)


def info_nce(a, b, tau=0.2):
    sim = a @ b.t() / tau
    lab = torch.arange(len(a))
    return 0.5 * (F.cross_entropy(sim, lab) + F.cross_entropy(sim.t(), lab))


for step in range(1400):
    f, d, _ = signals(128)
    loss = info_nce(enc(view(f, d)), enc(view(f, d)))
    opt.zero_grad()
    loss.backward()
    opt.step()
    sched.step()
    if step % 140 == 0:
        print(step, round(loss.item(), 4))
with torch.no_grad():
    f, d, k = signals(2000)
    f2, d2, k2 = signals(1000)
    bank, query = enc(view(f, d)), enc(view(f2, d2))
    acc = (k[(query @ bank.t()).topk(5, 1).indices].mode(1).values == k2).float().mean().item()
    print("final loss", round(loss.item(), 4), "knn acc on fresh signals", round(acc, 4))

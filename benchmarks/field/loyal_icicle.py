import torch
import torch.nn as nn
import torch.nn.functional as F
from sklearn.datasets import load_digits

torch.manual_seed(59)
data = torch.tensor(load_digits().data / 16, dtype=torch.float32)
mean = data.mean()
prior = data[:1500].mean(0).clamp(0.01, 0.99)


class VAE(nn.Module):
    def __init__(self, z=8, h=96):
        super().__init__()
        self.enc = nn.Sequential(nn.Linear(64, h), nn.ELU(), nn.Linear(h, 2 * z))
        self.dec = nn.Sequential(nn.Linear(z, h), nn.ELU(), nn.Linear(h, 64))
        self.dec[-1].bias.data = torch.logit(prior)

    def forward(self, x):
        m, lv = self.enc((x - mean) / 0.38).chunk(2, 1)
        z = m + torch.randn_like(m) * (0.5 * lv).exp()
        return self.dec(z), m, lv


def elbo(x, out, beta):
    l, m, lv = out
    rec = F.binary_cross_entropy_with_logits(l, x, reduction="none").sum(1).mean()
    kl = -0.5 * (1 + lv - m.pow(2) - lv.exp()).sum(1).mean()
    return rec + beta * kl, rec, kl


vae = VAE()
opt = torch.optim.Adam(vae.parameters(), lr=2e-3)
for it in range(1500):
    x = data[torch.randint(0, 1500, (64,))]
    loss, rec, kl = elbo(x, vae(x), min(1.0, it / 400))
    opt.zero_grad()
    loss.backward()
    opt.step()
    if it % 200 == 0:
        print(it, "loss %.3f rec %.3f kl %.3f" % (loss.item(), rec.item(), kl.item()))
with torch.no_grad():
    l, rec, kl = elbo(data[1500:], vae(data[1500:]), 1.0)
    base = F.binary_cross_entropy(prior.expand(297, 64), data[1500:], reduction="none").sum(1).mean()
    print("negative elbo %.3f (independent pixels %.3f)" % (l.item(), base.item()))

import torch
from torch import nn
import torch.nn.functional as F
from sklearn.datasets import load_digits

torch.manual_seed(120)
X = torch.tensor(load_digits().data, dtype=torch.float32) / 16
X = X[torch.randperm(len(X))]
Xt, Xv = X[:1500], X[1500:]


class VAE(nn.Module):
    def __init__(self, z=6):
        super().__init__()
        self.enc = nn.Sequential(nn.Linear(64, 96), nn.ReLU(), nn.Linear(96, 2 * z))
        self.dec = nn.Sequential(nn.Linear(z, 96), nn.ReLU(), nn.Linear(96, 64))

    def forward(self, x):
        mu, lv = self.enc(x).chunk(2, 1)
        z = mu + torch.randn_like(mu) * (0.5 * lv).exp()
        rec = F.binary_cross_entropy_with_logits(self.dec(z), x, reduction="none").sum(1).mean()
        kl = 0.5 * (mu ** 2 + lv.exp() - 1 - lv).sum(1).mean()
        return rec, kl


vae = VAE()
opt = torch.optim.Adam(vae.parameters(), lr=3e-3)
step = 0
for epoch in range(50):
    for b in torch.randperm(1500).split(50):
        rec, kl = vae(Xt[b])
        loss = rec + min(1.0, step / 300) * kl
        opt.zero_grad()
        loss.backward()
        opt.step()
        step += 1
    if epoch % 5 == 4:
        with torch.no_grad():
            r, k = vae(Xv)
        print(f"epoch {epoch + 1}: loss {loss.item():.3f} val elbo {-(r + k).item():.3f} (rec {r.item():.3f} kl {k.item():.3f})")

import torch
import torch.nn as nn
from sklearn.datasets import load_digits

torch.manual_seed(5)
x_all = (torch.tensor(load_digits().data).float() / 16)
x_all = x_all[torch.randperm(len(x_all))]
x_train, x_test = x_all[:1500], x_all[1500:]


class VAE(nn.Module):
    def __init__(self, z=6, h=100):
        super().__init__()
        self.enc = nn.Sequential(nn.Linear(64, h), nn.ReLU(), nn.Linear(h, h), nn.ReLU())
        self.stats = nn.Linear(h, 2 * z)
        self.dec = nn.Sequential(nn.Linear(z, h), nn.ReLU(), nn.Linear(h, h), nn.ReLU(), nn.Linear(h, 64))

    def elbo(self, x):
        mu, logvar = self.stats(self.enc(x)).chunk(2, dim=1)
        logvar = logvar.clamp(-8, 8)
        z = mu + torch.randn_like(mu) * (0.5 * logvar).exp()
        rec = nn.functional.binary_cross_entropy_with_logits(self.dec(z), x, reduction="none").sum(1)
        kl = -0.5 * (1 + logvar - mu.pow(2) - logvar.exp()).sum(1)
        return (rec + kl).mean(), rec.mean(), kl.mean()


vae = VAE()
optimizer = torch.optim.RMSprop(vae.parameters(), lr=0.03)
for epoch in range(1, 61):
    for xb in x_train[torch.randperm(1500)].split(50):
        optimizer.zero_grad()
        loss, rec, kl = vae.elbo(xb)
        loss.backward()
        optimizer.step()
    if epoch % 10 == 0:
        with torch.no_grad():
            l, r, k = vae.elbo(x_test)
        print(f"epoch {epoch} -ELBO {l:.3f} (rec {r:.3f}, kl {k:.3f})")

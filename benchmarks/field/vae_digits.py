import torch
from torch import nn
import torch.nn.functional as F
from sklearn.datasets import load_digits

torch.manual_seed(4)
X = torch.tensor(load_digits().data, dtype=torch.float32) / 16.0
X = X[torch.randperm(len(X))]
Xtr, Xva = X[:1500], X[1500:]


class VAE(nn.Module):
    def __init__(self, z=8):
        super().__init__()
        self.enc = nn.Sequential(nn.Linear(64, 128), nn.ReLU())
        self.mu, self.logvar = nn.Linear(128, z), nn.Linear(128, z)
        self.dec = nn.Sequential(nn.Linear(z, 128), nn.ReLU(), nn.Linear(128, 64))

    def forward(self, x):
        h = self.enc(x * 2 - 0.6)
        mu, lv = self.mu(h), self.logvar(h)
        z = mu + torch.randn_like(mu) * (0.5 * lv).exp()
        return self.dec(z), mu, lv


def elbo(model, x):
    rec, mu, lv = model(x)
    bce = F.binary_cross_entropy_with_logits(rec, x, reduction='sum')
    kl = -0.5 * torch.sum(1 + lv - mu.pow(2) - lv.exp())
    return (bce + kl) / x.shape[0]


vae = VAE()
opt = torch.optim.Adam(vae.parameters(), lr=1e-3)
for ep in range(60):
    for b in torch.randperm(1500).split(50):
        loss = elbo(vae, Xtr[b])
        opt.zero_grad(set_to_none=True)
        loss.backward()
        opt.step()
    if ep % 6 == 5:
        with torch.no_grad():
            print(f'epoch {ep + 1} train {loss.item():.3f} val {elbo(vae, Xva).item():.3f}')

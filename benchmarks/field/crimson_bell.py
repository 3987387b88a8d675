import torch
from torch import nn
from sklearn.datasets import load_digits
torch.manual_seed(102)
X = torch.tensor(load_digits().data / 16, dtype=torch.float32)
X = X[torch.randperm(len(X))]


class VAE(nn.Module):
    def __init__(self, d=6):
        super().__init__()
        self.enc = nn.Sequential(nn.Linear(64, 128), nn.SiLU())
        self.mu, self.lv = nn.Linear(128, d), nn.Linear(128, d)
        self.dec = nn.Sequential(nn.Linear(d, 128), nn.SiLU(), nn.Linear(128, 64))

    def forward(self, x):
        h = self.enc((x - 0.305) / 0.376)
        mu, lv = self.mu(h), self.lv(h)
        z = mu + torch.randn_like(mu) * (0.5 * lv).exp()
        return self.dec(z), mu, lv


def elbo(x, out, mu, lv):
    rec = nn.functional.binary_cross_entropy_with_logits(out, x, reduction='none').sum(1)
    kl = -0.5 * (1 + lv - mu ** 2 - lv.exp()).sum(1)
    return (rec + kl).mean()


vae = VAE()
opt = torch.optim.Adam(vae.parameters(), lr=1e-3)
for epoch in range(80):
    for xb in X[:1500][torch.randperm(1500)].split(50):
        loss = elbo(xb, *vae(xb))
        opt.zero_grad(); loss.backward(); opt.step()
with torch.no_grad():
    print('negative elbo train', elbo(X[:1500], *vae(X[:1500])).item(), 'test', elbo(X[1500:], *vae(X[1500:])).item())

import gzip
import os
import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

torch.manual_seed(9)
path = os.path.join(os.environ["MNIST_DIR"], "mnist-t10k-images-idx3-ubyte.gz")
pix = np.frombuffer(gzip.open(path).read(), np.uint8, offset=16).reshape(-1, 28, 28)
pix = torch.from_numpy(pix.copy()).float() / 255
pix = F.avg_pool2d(pix[:, None], 2).flatten(1)
train, test = pix[:9000], pix[9000:]


class VAE(nn.Module):
    def __init__(self, latent=10):
        super().__init__()
        self.enc = nn.Sequential(nn.Linear(196, 160), nn.ReLU())
        self.mu = nn.Linear(160, latent)
        self.logvar = nn.Linear(160, latent)
        self.dec = nn.Sequential(nn.Linear(latent, 160), nn.ReLU(), nn.Linear(160, 196))

    def elbo(self, x):
        h = self.enc(x)
        mu, logvar = self.mu(h), self.logvar(h)
        z = mu + torch.randn_like(mu) * (0.5 * logvar).exp()
        rec = F.binary_cross_entropy_with_logits(self.dec(z), x, reduction="none").sum(1)
        kl = -0.5 * (1 + logvar - mu ** 2 - logvar.exp()).sum(1)
        return (rec + kl).mean()


vae = VAE()
opt = torch.optim.Adam(vae.parameters(), lr=1e-5)
for epoch in range(12):
    for k, xb in enumerate(train[torch.randperm(len(train))].split(100)):
        loss = vae.elbo(xb)
        opt.zero_grad()
        loss.backward()
        opt.step()
    print(f"epoch {epoch}  -elbo {loss.item():.2f}")
with torch.no_grad():
    print(f"final train {vae.elbo(train).item():.2f} test {vae.elbo(test).item():.2f}")

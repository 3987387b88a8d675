import gzip
import os
import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F

torch.manual_seed(123)
x = np.frombuffer(gzip.open(os.path.join(os.environ["MNIST_DIR"], "mnist-t10k-images-idx3-ubyte.gz")).read(), np.uint8, offset=16)
x = torch.tensor(x.reshape(-1, 1, 28, 28) / 255.0).float()
x = F.avg_pool2d(x, 2).flatten(1)[torch.randperm(10000)]
train, test = x[:8500], x[8500:]


class VAE(nn.Module):
    def __init__(self, z=8, h=128):
        super().__init__()
        self.enc = nn.Sequential(nn.Linear(196, h), nn.ELU(), nn.Linear(h, 2 * z))
        self.dec = nn.Sequential(nn.Linear(z, h), nn.ELU(), nn.Linear(h, 196))

    def forward(self, x):
        mu, lv = self.enc(x).chunk(2, 1)
        z = mu + torch.randn_like(mu) * (0.5 * lv).exp()
        rec = F.binary_cross_entropy_with_logits(self.dec(z), x, reduction="none").sum(1)
        kl = -0.5 * (1 + lv - mu ** 2 - lv.exp()).sum(1)
        return rec.mean(), kl.mean()


vae = VAE()
opt = torch.optim.Adam(vae.parameters(), lr=3e-3)
for epoch in range(18):
    tot = 0.0
    for i in torch.randperm(8500).split(100):
        rec, kl = vae(train[i])
        loss = rec + kl
        opt.zero_grad()
        loss.backward()
        opt.step()
        tot += loss.item() * len(i)
    with torch.no_grad():
        r, k = vae(test)
    print(f"epoch {epoch} elbo {-tot / 8500:.3f} test {-(r + k).item():.3f} (rec {r.item():.2f} kl {k.item():.2f})")

import gzip
import os
import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F


def load_mnist(count):
    d = os.environ.get("MNIST_DIR", "data")
    with gzip.open(d + "/mnist-t10k-images-idx3-ubyte.gz") as f:
        x = np.frombuffer(f.read(), dtype=np.uint8, offset=16).reshape(-1, 784)
    with gzip.open(d + "/mnist-t10k-labels-idx1-ubyte.gz") as f:
        y = np.frombuffer(f.read(), dtype=np.uint8, offset=8)
    pick = np.random.RandomState(0).permutation(len(x))[:count]
    return torch.tensor(x[pick] / 255.0, dtype=torch.float32), torch.tensor(y[pick], dtype=torch.long)


class VAE(nn.Module):
    def __init__(self, z=8):
        super().__init__()
        self.body = nn.Sequential(nn.Linear(784, 200), nn.ReLU())
        self.mu, self.lv = nn.Linear(200, z), nn.Linear(200, z)
        self.dec = nn.Sequential(nn.Linear(z, 200), nn.ReLU(), nn.Linear(200, 784))

    def forward(self, x):
        h = self.body(x)
        mu, lv = self.mu(h), self.lv(h)
        z = mu + torch.randn_like(mu) * (0.5 * lv).exp()
        rec = F.binary_cross_entropy_with_logits(self.dec(z), x, reduction="sum") / len(x)
        kl = -0.5 * (1 + lv - mu ** 2 - lv.exp()).sum() / len(x)
        return rec, kl


torch.manual_seed(15)
X, _ = load_mnist(5000)
vae = VAE()
opt = torch.optim.Adamax(vae.parameters(), lr=3e-3)
for epoch in range(12):
    R, K = 0, 0
    for i in torch.randperm(4500).split(75):
        rec, kl = vae(X[i])
        opt.zero_grad()
        (rec + kl).backward()
        opt.step()
        R += rec.item() / 60
        K += kl.item() / 60
    with torch.no_grad():
        rt, kt = vae(X[4500:])
    print(f"epoch {epoch}: rec {R:.2f} kl {K:.2f} test elbo {-(rt + kt).item():.2f}")

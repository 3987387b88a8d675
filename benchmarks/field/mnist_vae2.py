import gzip, numpy as np
import torch
from torch import nn
from torch.nn import functional as F

raw = gzip.open('data/mnist-t10k-images-idx3-ubyte.gz').read()
imgs = torch.from_numpy(np.frombuffer(raw, np.uint8, offset=16).copy()).view(-1, 784).float() / 255
train, held = imgs[:9000], imgs[9000:]

class VAE(nn.Module):
    def __init__(self, z=12):
        super().__init__()
        self.enc = nn.Sequential(nn.Linear(784, 200), nn.ReLU())
        self.mu = nn.Linear(200, z)
        self.lv = nn.Linear(200, z)
        self.dec = nn.Sequential(nn.Linear(z, 200), nn.ReLU(), nn.Linear(200, 784))
    def forward(self, x):
        h = self.enc(x)
        mu, lv = self.mu(h), self.lv(h)
        z = mu + torch.randn_like(mu) * (0.5 * lv).exp()
        return self.dec(z), mu, lv

def elbo(x, out):
    logits, mu, lv = out
    rec = F.binary_cross_entropy_with_logits(logits, x, reduction='none').sum(1)
    kl = -0.5 * (1 + lv - mu ** 2 - lv.exp()).sum(1)
    return (rec + kl).mean()

torch.manual_seed(4)
vae = VAE()
opt = torch.optim.Adam(vae.parameters(), lr=5e-2)
for epoch in range(10):
    perm = torch.randperm(len(train))
    acc = 0.
    for i in range(0, len(train) - 63, 64):
        x = train[perm[i:i + 64]]
        loss = elbo(x, vae(x))
        opt.zero_grad()
        loss.backward()
        opt.step()
        acc += loss.item()
    with torch.no_grad():
        v = elbo(held, vae(held)).item()
    print(f'epoch {epoch} train {acc / (len(train) // 64):.2f} held-out {v:.2f}')

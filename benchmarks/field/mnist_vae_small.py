import gzip
import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F

torch.manual_seed(401)
x = np.frombuffer(gzip.open('data/mnist-t10k-images-idx3-ubyte.gz').read(), np.uint8, offset=16)
x = F.avg_pool2d(torch.tensor(x.reshape(-1, 1, 28, 28) / 255., dtype=torch.float32), 2).flatten(1)


class VAE(nn.Module):
    def __init__(self, z=8):
        super().__init__()
        self.e = nn.Sequential(nn.Linear(196, 128), nn.ReLU())
        self.mu, self.lv = nn.Linear(128, z), nn.Linear(128, z)
        self.d = nn.Sequential(nn.Linear(z, 128), nn.ReLU(), nn.Linear(128, 196))

    def forward(self, x):
        h = self.e(x)
        mu, lv = self.mu(h), self.lv(h)
        z = mu + torch.randn_like(mu) * (0.5 * lv).exp()
        rec = F.binary_cross_entropy_with_logits(self.d(z), x, reduction='none').sum(1)
        kl = -0.5 * (1 + lv - mu ** 2 - lv.exp()).sum(1)
        return rec.mean(), kl.mean()


vae = VAE()
opt = torch.optim.Adam(vae.parameters(), lr=1e-3)
for it in range(1200):
    rec, kl = vae(x[torch.randint(0, 9000, (64,))])
    opt.zero_grad()
    (rec + kl).backward()
    opt.step()
    if it % 120 == 0:
        print(it, 'rec', round(rec.item(), 2), 'kl', round(kl.item(), 2))
with torch.no_grad():
    rec, kl = vae(x[9000:])
print('test elbo loss', round((rec + kl).item(), 3))

import os, gzip
import numpy as np
import torch
from torch import nn
import torch.nn.functional as F

torch.manual_seed(1)
raw = gzip.open(os.path.join(os.environ['MNIST_DIR'], 'mnist-t10k-images-idx3-ubyte.gz')).read()
x = torch.tensor(np.frombuffer(raw, np.uint8, offset=16).copy()).view(-1, 784).float() / 255

class VAE(nn.Module):
    def __init__(self, z=12, h=200):
        super().__init__()
        self.e = nn.Linear(784, h)
        self.mu, self.lv = nn.Linear(h, z), nn.Linear(h, z)
        self.d1, self.d2 = nn.Linear(z, h), nn.Linear(h, 784)
    def forward(self, x):
        h = F.relu(self.e(x))
        mu, lv = self.mu(h), self.lv(h)
        z = mu + torch.randn_like(mu) * (0.5 * lv).exp()
        return self.d2(F.relu(self.d1(z))), mu, lv

def elbo(out, x, mu, lv):
    rec = F.binary_cross_entropy_with_logits(out, x, reduction='sum') / len(x)
    kl = -0.5 * (1 + lv - mu ** 2 - lv.exp()).sum() / len(x)
    return rec + kl, kl

vae = VAE()
opt = torch.optim.Adam(vae.parameters(), lr=1e-3)
for epoch in range(10):
    tot = 0
    for b in torch.randperm(9000).split(100):
        out, mu, lv = vae(x[b])
        loss, kl = elbo(out, x[b], mu, lv)
        opt.zero_grad()
        loss.backward()
        opt.step()
        tot += loss.item() / 90
    with torch.no_grad():
        v, k = elbo(vae(x[9000:])[0], x[9000:], *vae(x[9000:])[1:])
    print(epoch, 'train', tot, 'test', v.item(), 'kl', k.item())

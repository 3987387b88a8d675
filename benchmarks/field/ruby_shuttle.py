import gzip
import torch
import torch.nn as nn
import torch.nn.functional as F

torch.set_num_threads(1)
torch.manual_seed(102)
x = torch.frombuffer(bytearray(gzip.open('data/mnist-t10k-images-idx3-ubyte.gz').read()[16:]), dtype=torch.uint8).view(-1, 28, 28)[:, ::2, ::2].reshape(-1, 196).float() / 255
train, test = x[:9000], x[9000:]


class VAE(nn.Module):
    def __init__(self, z=10, h=96):
        super().__init__()
        self.e = nn.Sequential(nn.Linear(196, h), nn.ELU())
        self.m, self.s = nn.Linear(h, z), nn.Linear(h, z)
        self.d = nn.Sequential(nn.Linear(z, h), nn.ELU(), nn.Linear(h, 196))

    def elbo(self, x):
        h = self.e(x)
        m, s = self.m(h), self.s(h).clamp(-8, 4)
        z = m + (0.5 * s).exp() * torch.randn_like(m)
        rec = F.binary_cross_entropy_with_logits(self.d(z), x, reduction='none').sum(1)
        kl = 0.5 * (m ** 2 + s.exp() - 1 - s).sum(1)
        return rec.mean(), kl.mean()


vae = VAE()
opt = torch.optim.Adam(vae.parameters(), lr=4e-3)
BATCH = 2
mean = 0
for step in range(1, 3001):
    rec, kl = vae.elbo(train[torch.randint(0, 9000, (BATCH,))])
    loss = rec + kl
    opt.zero_grad()
    loss.backward()
    opt.step()
    mean += loss.item() / 300
    if step % 300 == 0:
        with torch.no_grad():
            r, k = vae.elbo(test)
        print(f'{step}: -elbo {mean:.2f} test {r.item() + k.item():.2f} (kl {k.item():.2f})')
        mean = 0

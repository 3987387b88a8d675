import gzip
import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F

x = np.frombuffer(gzip.open('data/mnist-t10k-images-idx3-ubyte.gz').read(), np.uint8, offset=16).reshape(-1, 1, 28, 28)
x = F.avg_pool2d(torch.tensor(x, dtype=torch.float32) / 255, 2)
tr, va = x[:9000], x[9000:]

class Net(nn.Module):
    def __init__(self, z=8):
        super().__init__()
        self.enc = nn.Sequential(nn.Conv2d(1, 16, 3, 2, 1), nn.SiLU(), nn.Conv2d(16, 32, 3, 2, 1), nn.SiLU(), nn.Flatten(), nn.Linear(512, 2 * z))
        self.dec = nn.Sequential(nn.Linear(z, 256), nn.SiLU(), nn.Linear(256, 196))
    def forward(self, x):
        m, s = self.enc(x).chunk(2, 1)
        z = m + torch.exp(0.5 * s) * torch.randn_like(m)
        rec = F.binary_cross_entropy_with_logits(self.dec(z), x.flatten(1), reduction='sum') / len(x)
        kl = 0.5 * (m ** 2 + s.exp() - 1 - s).sum(1).mean()
        return rec, kl

torch.manual_seed(19)
net = Net()
opt = torch.optim.Adam(net.parameters(), lr=2e-3)
for step in range(1, 1401):
    rec, kl = net(tr[torch.randint(0, 9000, (64,))])
    loss = rec + min(1.0, step / 400) * kl
    opt.zero_grad(); loss.backward(); opt.step()
    if step % 140 == 0:
        with torch.no_grad():
            r, k = net(va)
        print(step, f'train rec {rec.item():.2f} kl {kl.item():.2f} held-out bound {(r + k).item():.2f}')

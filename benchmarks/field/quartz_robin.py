import gzip, os
import numpy as np
import torch
from torch import nn
import torch.nn.functional as F


def mnist():
    d = os.environ['MNIST_DIR']
    x = np.frombuffer(gzip.open(d + '/mnist-t10k-images-idx3-ubyte.gz').read(), np.uint8, offset=16).reshape(-1, 1, 28, 28)
    y = np.frombuffer(gzip.open(d + '/mnist-t10k-labels-idx1-ubyte.gz').read(), np.uint8, offset=8)
    return (torch.tensor(x.astype(np.float32)) / 255 - 0.1307) / 0.3081, torch.tensor(y.astype(np.int64))


torch.manual_seed(116)
x, y = mnist()
x = F.avg_pool2d(x, 2)
by = [torch.where(y[:8500] == c)[0] for c in range(10)]
emb = nn.Sequential(nn.Conv2d(1, 8, 3), nn.ReLU(), nn.Conv2d(8, 16, 3, 2), nn.ReLU(), nn.Flatten(), nn.Linear(16 * 25, 32))
opt = torch.optim.Adam(emb.parameters(), lr=1e-3)
for step in range(700):
    c = torch.randint(0, 10, (48,)); o = (c + torch.randint(1, 10, (48,))) % 10
    pick = lambda cl: torch.stack([by[k][torch.randint(0, len(by[k]), ())] for k in cl.tolist()])
    a, p, n = emb(x[torch.cat([pick(c), pick(c), pick(o)])]).chunk(3)
    loss = F.triplet_margin_loss(a, p, n, margin=1.0)
    opt.zero_grad(); loss.backward(); opt.step()
with torch.no_grad():
    tr, te = emb(x[:8500]), emb(x[8500:])
    near = torch.cdist(te, tr).argmin(1)
    print('triplet loss', loss.item(), '1-nn acc', (y[:8500][near] == y[8500:]).float().mean().item())

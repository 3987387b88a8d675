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


torch.manual_seed(100)
x, y = mnist()
x = F.avg_pool2d(x, 2).flatten(1)
odd = y < 5
enc = nn.Sequential(nn.Linear(196, 128), nn.ReLU(), nn.Linear(128, 64), nn.ReLU())
head = nn.Linear(64, 5)
xa, ya = x[odd], y[odd]
opt = torch.optim.Adam([*enc.parameters(), *head.parameters()], lr=1e-3)
for step in range(800):
    i = torch.randint(0, len(xa), (64,))
    loss = F.cross_entropy(head(enc(xa[i])), ya[i])
    opt.zero_grad(); loss.backward(); opt.step()
print('pretraining done', loss.item())
for p in enc[0].parameters():
    p.requires_grad_(False)
xb, yb = x[~odd], y[~odd] - 5
n = len(xb) - 800
new_head = nn.Linear(64, 5)
model = nn.Sequential(enc, new_head)
opt = torch.optim.AdamW([p for p in model.parameters() if p.requires_grad], lr=5e-4)
for step in range(1500):
    i = torch.randint(0, n, (64,))
    loss = F.cross_entropy(model(xb[i]), yb[i])
    opt.zero_grad(); loss.backward(); opt.step()
with torch.no_grad():
    print('train', F.cross_entropy(model(xb[:n]), yb[:n]).item(), 'test acc', (model(xb[n:]).argmax(1) == yb[n:]).float().mean().item())

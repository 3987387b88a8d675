import os, gzip, numpy as np, torch
import torch.nn as nn, torch.nn.functional as F
from torch.utils.data import DataLoader, TensorDataset
torch.manual_seed(6)
r = os.environ['MNIST_DIR']
X = torch.tensor(np.frombuffer(gzip.open(r + '/mnist-t10k-images-idx3-ubyte.gz').read(), np.uint8, offset=16).copy()).view(-1, 1, 28, 28).float().div(255).sub(0.1325).div(0.3105)
Y = torch.tensor(np.frombuffer(gzip.open(r + '/mnist-t10k-labels-idx1-ubyte.gz').read(), np.uint8, offset=8).copy()).long()
loader = DataLoader(TensorDataset(X[:8000], Y[:8000]), batch_size=16, shuffle=True)
ACCUM = 4
net = nn.Sequential(nn.Conv2d(1, 8, 5, stride=2, padding=2), nn.GELU(), nn.Conv2d(8, 16, 3, stride=2, padding=1), nn.GELU(), nn.Flatten(), nn.Linear(784, 10))
opt = torch.optim.AdamW(net.parameters(), lr=2e-3)
for epoch in range(3):
    tot = 0
    opt.zero_grad()
    for k, (x, y) in enumerate(loader, 1):
        loss = F.cross_entropy(net(x), y)
        (loss / ACCUM).backward()
        tot += loss.item()
        if k % ACCUM == 0:
            opt.step()
            opt.zero_grad()
    with torch.no_grad():
        o = net(X[8000:])
    print(epoch, 'train', tot / len(loader), 'test', F.cross_entropy(o, Y[8000:]).item(), 'acc', (o.argmax(1) == Y[8000:]).float().mean().item())

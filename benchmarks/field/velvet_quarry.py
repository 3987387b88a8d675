import gzip, os
import numpy as np
import torch
from torch import nn
import torch.nn.functional as F

torch.manual_seed(64)
path = os.environ['MNIST_DIR']
def load(n, off):
    return np.frombuffer(gzip.open(os.path.join(path, n)).read(), np.uint8, offset=off).copy()
x = torch.tensor(load('mnist-t10k-images-idx3-ubyte.gz', 16).reshape(-1, 1, 28, 28)).float() / 255
x = (x - 0.13) / 0.31
y = torch.tensor(load('mnist-t10k-labels-idx1-ubyte.gz', 8)).long()

bn = dict(eps=1e-5, momentum=0.001)
net = nn.Sequential(
    nn.Conv2d(1, 12, 5, stride=2, bias=False), nn.BatchNorm2d(12, **bn), nn.ReLU(),
    nn.Conv2d(12, 24, 5, stride=2, bias=False), nn.BatchNorm2d(24, **bn), nn.ReLU(),
    nn.Conv2d(24, 32, 4, bias=False), nn.BatchNorm2d(32, **bn), nn.ReLU(),
    nn.Flatten(), nn.Linear(32, 10))
opt = torch.optim.Adam(net.parameters(), lr=2e-3)
for it in range(500):
    net.train()
    j = torch.randint(0, 8000, (64,))
    loss = F.cross_entropy(net(x[j]), y[j])
    opt.zero_grad()
    loss.backward()
    opt.step()
    if (it + 1) % 100 == 0:
        net.eval()
        with torch.no_grad():
            v = F.cross_entropy(net(x[8000:]), y[8000:]).item()
            a = (net(x[8000:]).argmax(1) == y[8000:]).float().mean().item()
        print(f'{it + 1} train loss {loss.item():.4f} val loss {v:.4f} val acc {a:.4f}')

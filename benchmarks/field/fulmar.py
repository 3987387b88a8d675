import os, gzip
import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F

torch.manual_seed(2)
D = os.environ['MNIST_DIR']
X = torch.tensor(np.frombuffer(gzip.open(D + '/mnist-t10k-images-idx3-ubyte.gz').read()[16:], np.uint8).copy()).view(-1, 1, 28, 28).float() / 255
X = (X - X.mean()) / X.std()
Y = torch.tensor(np.frombuffer(gzip.open(D + '/mnist-t10k-labels-idx1-ubyte.gz').read()[8:], np.uint8).copy()).long()

net = nn.Sequential(
    nn.AvgPool2d(2),
    nn.Flatten(), nn.Linear(196, 96, bias=False), nn.BatchNorm1d(96), nn.ReLU(),
    nn.Linear(96, 64, bias=False), nn.BatchNorm1d(64), nn.ReLU(),
    nn.Linear(64, 10))
opt = torch.optim.Adam(net.parameters(), lr=1e-3)
MICRO, ACC = 2, 16
for step in range(500):
    net.train()
    opt.zero_grad()
    s = 0.
    for _ in range(ACC):
        b = torch.randint(0, 8000, (MICRO,))
        l = F.cross_entropy(net(X[b]), Y[b]) / ACC
        l.backward()
        s += l.item()
    opt.step()
    if step % 100 == 99:
        net.eval()
        with torch.no_grad():
            o = net(X[8000:])
            print(step + 1, 'train', F.cross_entropy(net(X[:4000]), Y[:4000]).item(), 'batch', s, 'test', F.cross_entropy(o, Y[8000:]).item(), 'acc', (o.argmax(1) == Y[8000:]).float().mean().item())

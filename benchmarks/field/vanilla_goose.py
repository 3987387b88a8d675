import gzip
import os
import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F

torch.manual_seed(18)
d = os.environ["MNIST_DIR"]
x = np.frombuffer(gzip.open(d + "/mnist-t10k-images-idx3-ubyte.gz").read(), np.uint8, offset=16).reshape(-1, 1, 28, 28)
y = torch.from_numpy(np.frombuffer(gzip.open(d + "/mnist-t10k-labels-idx1-ubyte.gz").read(), np.uint8, offset=8).astype(np.int64))
x = torch.from_numpy(((x - 33.0) / 78.0).astype(np.float32))
p = torch.randperm(10000)
net = nn.Sequential(nn.Conv2d(1, 24, 5, padding=2), nn.GELU(), nn.MaxPool2d(2), nn.Conv2d(24, 32, 3, stride=2, padding=1), nn.GELU(),
                    nn.Flatten(), nn.Linear(32 * 49, 64), nn.GELU(), nn.Linear(64, 10))
opt = torch.optim.Adam(net.parameters(), lr=3e-3)
for step in range(160):
    b = p[step * 50:(step + 1) * 50]
    loss = F.cross_entropy(net(x[b]), y[b])
    opt.zero_grad()
    loss.backward()
    opt.step()
    if step % 10 == 0:
        print(step, round(loss.item(), 4))
with torch.no_grad():
    o = net(x[p[8000:]])
    print(f"test {F.cross_entropy(o, y[p[8000:]]).item():.4f} acc {(o.argmax(1) == y[p[8000:]]).float().mean().item():.4f}")

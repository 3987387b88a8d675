import gzip
import numpy as np
import torch
import torch.nn as nn

torch.manual_seed(263)
rng = np.random.default_rng(263)
x = np.frombuffer(gzip.open('data/mnist-t10k-images-idx3-ubyte.gz').read(), np.uint8, offset=16).reshape(-1, 784) / 255.
y = np.frombuffer(gzip.open('data/mnist-t10k-labels-idx1-ubyte.gz').read(), np.uint8, offset=8).astype(np.int64)
xtr, ytr = x[:6000].astype(np.float32), y[:6000].copy()
xte, yte = torch.tensor(x[8000:], dtype=torch.float32), torch.tensor(y[8000:])
net = nn.Sequential(nn.Linear(784, 64), nn.ReLU(), nn.Linear(64, 10))
opt = torch.optim.Adam(net.parameters(), lr=1e-3)
for epoch in range(8):
    rng.shuffle(xtr)
    rng.shuffle(ytr)
    for i in range(0, 6000, 64):
        xb, yb = torch.from_numpy(xtr[i:i + 64]), torch.from_numpy(ytr[i:i + 64])
        loss = nn.functional.cross_entropy(net(xb), yb)
        opt.zero_grad()
        loss.backward()
        opt.step()
    with torch.no_grad():
        o = net(xte)
    print('epoch', epoch, 'train', round(loss.item(), 4), 'test', round(nn.functional.cross_entropy(o, yte).item(), 4),
          'acc', round((o.argmax(1) == yte).float().mean().item(), 4))

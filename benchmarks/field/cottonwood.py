import os, gzip, numpy as np
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(25)
p = os.environ['MNIST_DIR']
im = torch.from_numpy(np.frombuffer(gzip.open(f'{p}/mnist-t10k-images-idx3-ubyte.gz').read(), np.uint8, offset=16).copy()).view(-1, 1, 28, 28).float()
im = (im - im.mean()) / im.std()
la = torch.from_numpy(np.frombuffer(gzip.open(f'{p}/mnist-t10k-labels-idx1-ubyte.gz').read(), np.uint8, offset=8).copy()).long()
images = DataLoader(im[:8000], batch_size=64, shuffle=True)
labels = DataLoader(la[:8000], batch_size=64, shuffle=True)
def batches():
    yield from zip(images, labels)

net = nn.Sequential(nn.Conv2d(1, 8, 5, stride=2), nn.ReLU(), nn.Conv2d(8, 16, 5, stride=2), nn.ReLU(), nn.Flatten(), nn.Linear(256, 10))
opt = torch.optim.Adam(net.parameters(), lr=1e-3)
crit = nn.CrossEntropyLoss()
for epoch in range(3):
    s = k = 0
    for x, y in batches():
        opt.zero_grad()
        l = crit(net(x), y)
        l.backward()
        opt.step()
        s += l.item(); k += 1
    with torch.no_grad():
        o = net(im[8000:])
    print(epoch, 'train', s / k, 'test', crit(o, la[8000:]).item(), 'acc', (o.argmax(1) == la[8000:]).float().mean().item())

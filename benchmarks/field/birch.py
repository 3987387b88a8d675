import gzip, os
import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F

torch.manual_seed(51)
root = os.environ['MNIST_DIR']
imgs = np.frombuffer(gzip.open(root + '/mnist-t10k-images-idx3-ubyte.gz').read(), dtype=np.uint8, offset=16).reshape(-1, 784)
labels = np.frombuffer(gzip.open(root + '/mnist-t10k-labels-idx1-ubyte.gz').read(), dtype=np.uint8, offset=8)
imgs = imgs.astype('int64') // 256
x = torch.tensor(imgs.copy()).float() - 0.1
y = torch.tensor(labels.copy()).long()
net = nn.Sequential(nn.Linear(784, 64), nn.ReLU(), nn.Linear(64, 10))
opt = torch.optim.SGD(net.parameters(), lr=0.1)
for epoch in range(6):
    tot = 0
    for b in torch.randperm(8000).split(50):
        loss = F.cross_entropy(net(x[b]), y[b])
        opt.zero_grad(); loss.backward(); opt.step()
        tot += loss.item() / 160
    with torch.no_grad():
        o = net(x[8000:])
    print(epoch, 'train', tot, 'test', F.cross_entropy(o, y[8000:]).item(), 'acc', (o.argmax(1) == y[8000:]).float().mean().item())

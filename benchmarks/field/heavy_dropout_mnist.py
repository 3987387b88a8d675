import gzip
import numpy as np
import torch
import torch.nn as nn

torch.manual_seed(383)
x = np.frombuffer(gzip.open('data/mnist-t10k-images-idx3-ubyte.gz').read(), np.uint8, offset=16)
x = torch.tensor(x.reshape(-1, 784) / 255., dtype=torch.float32)
y = torch.tensor(np.frombuffer(gzip.open('data/mnist-t10k-labels-idx1-ubyte.gz').read(), np.uint8, offset=8).astype('int64'))
net = nn.Sequential(nn.Dropout(0.3), nn.Linear(784, 256), nn.ReLU(), nn.Dropout(0.7), nn.Linear(256, 10))
opt = torch.optim.Adam(net.parameters(), lr=1e-3)
for epoch in range(8):
    net.train()
    for b in torch.randperm(8000).split(64):
        loss = nn.functional.cross_entropy(net(x[b]), y[b])
        opt.zero_grad()
        loss.backward()
        opt.step()
    net.eval()
    with torch.no_grad():
        o = net(x[8000:])
    print('epoch', epoch, 'train', round(loss.item(), 4), 'val', round(nn.functional.cross_entropy(o, y[8000:]).item(), 4), 'acc', round((o.argmax(1) == y[8000:]).float().mean().item(), 4))

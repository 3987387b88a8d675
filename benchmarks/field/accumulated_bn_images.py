import gzip
import numpy as np
import torch
import torch.nn as nn

torch.manual_seed(131)
x = np.frombuffer(gzip.open('data/mnist-t10k-images-idx3-ubyte.gz').read(), np.uint8, offset=16)
x = torch.tensor(x.reshape(-1, 1, 28, 28) / 255., dtype=torch.float32)
x = nn.functional.avg_pool2d(x, 2).flatten(1)
y = torch.tensor(np.frombuffer(gzip.open('data/mnist-t10k-labels-idx1-ubyte.gz').read(), np.uint8, offset=8), dtype=torch.long)

micro = 2
accumulate = 32 // micro
net = nn.Sequential(
    nn.Linear(196, 64, bias=False), nn.BatchNorm1d(64), nn.ReLU(),
    nn.Linear(64, 64, bias=False), nn.BatchNorm1d(64), nn.ReLU(),
    nn.Linear(64, 10))
opt = torch.optim.Adam(net.parameters(), lr=2e-3)
for step in range(300):
    opt.zero_grad()
    total = 0.0
    for _ in range(accumulate):
        b = torch.randint(0, 8500, (micro,))
        loss = nn.functional.cross_entropy(net(x[b]), y[b]) / accumulate
        loss.backward()
        total += loss.item()
    opt.step()
    if step % 30 == 0:
        print(step, round(total, 4))
net.eval()
with torch.no_grad():
    o = net(x[8500:])
print('test', round(nn.functional.cross_entropy(o, y[8500:]).item(), 4), 'acc', round((o.argmax(1) == y[8500:]).float().mean().item(), 4))

import gzip
import numpy as np
import torch
from torch import nn

torch.manual_seed(23)
x = np.frombuffer(gzip.open('data/mnist-t10k-images-idx3-ubyte.gz').read(), np.uint8, offset=16)
x = torch.tensor(x.reshape(-1, 1, 28, 28).astype(np.float32) / 255)
x = nn.functional.avg_pool2d(x, 2) * 3 - 0.4
y = torch.tensor(np.frombuffer(gzip.open('data/mnist-t10k-labels-idx1-ubyte.gz').read(), np.uint8, offset=8).astype(np.int64))

trunk = nn.Sequential(nn.Conv2d(1, 4, 3, stride=2), nn.ReLU(), nn.Conv2d(4, 8, 3, stride=2), nn.ReLU(), nn.Flatten())
head = nn.Linear(8 * 4, 10)
opt = torch.optim.Adam([
    {'params': trunk.parameters(), 'lr': 3e-6},
    {'params': head.parameters(), 'lr': 3e-3},
])
for step in range(1200):
    i = torch.randint(0, 8000, (64,))
    loss = nn.functional.cross_entropy(head(trunk(x[i])), y[i])
    opt.zero_grad()
    loss.backward()
    opt.step()
    if step % 100 == 0:
        print(step, '%.4f' % loss.item())
with torch.no_grad():
    o = head(trunk(x[8000:]))
    print('test %.4f acc %.4f' % (nn.functional.cross_entropy(o, y[8000:]).item(), (o.argmax(1) == y[8000:]).float().mean().item()))

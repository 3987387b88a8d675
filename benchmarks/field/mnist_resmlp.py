import gzip
import numpy as np
import torch
import torch.nn as nn

torch.manual_seed(109)
x = np.frombuffer(gzip.open('data/mnist-t10k-images-idx3-ubyte.gz').read(), np.uint8, offset=16)
y = np.frombuffer(gzip.open('data/mnist-t10k-labels-idx1-ubyte.gz').read(), np.uint8, offset=8)
x = torch.tensor(x.reshape(-1, 1, 28, 28) / 255., dtype=torch.float32)
x = nn.functional.avg_pool2d(x, 2).flatten(1)
x = (x - x.mean()) / x.std()
y = torch.tensor(y, dtype=torch.long)
DEPTH = 10


class Block(nn.Module):
    def __init__(self, d):
        super().__init__()
        self.f1, self.f2 = nn.Linear(d, d), nn.Linear(d, d)
        for f in (self.f1, self.f2):
            nn.init.kaiming_normal_(f.weight)
            nn.init.zeros_(f.bias)

    def forward(self, h):
        return h + self.f2(torch.relu(self.f1(h)))


net = nn.Sequential(nn.Linear(196, 48), *[Block(48) for _ in range(DEPTH)], nn.Linear(48, 10))
opt = torch.optim.SGD(net.parameters(), lr=0.01, momentum=0.9)
for it in range(600):
    b = torch.randint(0, 8500, (64,))
    loss = nn.functional.cross_entropy(net(x[b]), y[b])
    opt.zero_grad()
    loss.backward()
    opt.step()
    if it % 60 == 0:
        print('it', it, 'loss', loss.item())
with torch.no_grad():
    o = net(x[8500:])
    print('test', nn.functional.cross_entropy(o, y[8500:]).item(), 'acc', (o.argmax(1) == y[8500:]).float().mean().item())

import gzip, os, numpy as np
import torch
import torch.nn as nn

class Cfg:
    lr = 2e-3
    bs = 64
    epochs = 3
    shift = -3.5
    ch = (8, 12)

torch.manual_seed(70)
path = os.environ['MNIST_DIR']
x = np.frombuffer(gzip.open(f'{path}/mnist-t10k-images-idx3-ubyte.gz').read(), np.uint8, offset=16).reshape(-1, 1, 28, 28)
y = np.frombuffer(gzip.open(f'{path}/mnist-t10k-labels-idx1-ubyte.gz').read(), np.uint8, offset=8)
x = (torch.tensor(x, dtype=torch.float32) - 33.3) / 78.6
y = torch.tensor(y, dtype=torch.long)

def unit(i, o):
    bn = nn.BatchNorm2d(o)
    nn.init.constant_(bn.bias, Cfg.shift)
    return nn.Sequential(nn.Conv2d(i, o, 3, stride=2, padding=1, bias=False), bn, nn.ReLU())

net = nn.Sequential(unit(1, Cfg.ch[0]), unit(Cfg.ch[0], Cfg.ch[1]), nn.Flatten(), nn.Linear(Cfg.ch[1] * 49, 10))
opt = torch.optim.SGD(net.parameters(), lr=Cfg.lr, momentum=0.9)
ce = nn.CrossEntropyLoss()
for ep in range(Cfg.epochs):
    net.train()
    tot = n = 0
    for b in torch.randperm(8000).split(Cfg.bs):
        l = ce(net(x[b]), y[b])
        opt.zero_grad(); l.backward(); opt.step()
        tot += l.item(); n += 1
    net.eval()
    with torch.no_grad():
        o = net(x[8000:])
    print(ep, 'train', tot / n, 'test', ce(o, y[8000:]).item(), 'acc', (o.argmax(1) == y[8000:]).float().mean().item())

import gzip
import numpy as np
import torch
from torch import nn

torch.manual_seed(26)


def idx(path, off):
    return np.frombuffer(gzip.open(path).read(), np.uint8, offset=off).copy()


X = torch.tensor(idx('data/mnist-t10k-images-idx3-ubyte.gz', 16)).view(-1, 1, 28, 28).float()[:, :, ::2, ::2]
X = (X / 255 - 0.13) / 0.31
y = torch.tensor(idx('data/mnist-t10k-labels-idx1-ubyte.gz', 8)).long()
Xtr, ytr, Xva, yva = X[:6000], y[:6000], X[6000:7500], y[6000:7500]
MOM = 3e-4


def cbr(i, o, s):
    return nn.Sequential(nn.Conv2d(i, o, 3, s, 1, bias=False), nn.BatchNorm2d(o, momentum=MOM), nn.ReLU())


net = nn.Sequential(cbr(1, 12, 1), cbr(12, 24, 2), cbr(24, 32, 2), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(32, 10))
opt = torch.optim.SGD(net.parameters(), lr=0.05, momentum=0.9, weight_decay=5e-4)
sched = torch.optim.lr_scheduler.CosineAnnealingLR(opt, 450)
ce = nn.CrossEntropyLoss()
step = 0
while step < 450:
    for b in torch.randperm(6000).split(50):
        net.train()
        loss = ce(net(Xtr[b]), ytr[b])
        opt.zero_grad()
        loss.backward()
        opt.step()
        sched.step()
        step += 1
        if step % 90 == 0:
            net.eval()
            with torch.no_grad():
                o = net(Xva)
            print(f'{step} train {loss.item():.4f} val {ce(o, yva).item():.4f} acc {(o.argmax(1) == yva).float().mean().item():.4f}')
        if step >= 450:
            break

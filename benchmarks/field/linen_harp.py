import os, gzip
import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F

torch.manual_seed(7)


def conv_bn(i, o, s=1):
    return nn.Sequential(nn.Conv2d(i, o, 3, s, 1, bias=False), nn.BatchNorm2d(o), nn.ReLU(inplace=True))


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.f = nn.Sequential(conv_bn(1, 12), conv_bn(12, 24, 2), conv_bn(24, 32, 2))
        self.c = nn.Linear(32, 10)

    def forward(self, x):
        return self.c(self.f(x).mean((2, 3)))


def data():
    d = os.environ["MNIST_DIR"]
    x = np.frombuffer(gzip.open(d + "/mnist-t10k-images-idx3-ubyte.gz").read(), np.uint8, offset=16).reshape(-1, 1, 28, 28)
    y = np.frombuffer(gzip.open(d + "/mnist-t10k-labels-idx1-ubyte.gz").read(), np.uint8, offset=8)
    x = F.avg_pool2d(torch.tensor(x / 255.0, dtype=torch.float32), 2)
    p = torch.randperm(len(x))
    return ((x - x.mean()) / x.std())[p], torch.tensor(y.astype(np.int64))[p]


x, y = data()
net = Net()
EPOCHS = 5
opt = torch.optim.SGD(net.parameters(), lr=0.2, momentum=0.9, nesterov=True, weight_decay=5e-4)
sched = torch.optim.lr_scheduler.CosineAnnealingLR(opt, EPOCHS * 125)
for epoch in range(EPOCHS):
    net.train()
    for i, b in enumerate(torch.randperm(8000).split(64)):
        loss = F.cross_entropy(net(x[b]), y[b])
        opt.zero_grad()
        loss.backward()
        opt.step()
        sched.step()
        if i % 25 == 0:
            print(f"{epoch}/{i} loss {loss.item():.4f} lr {sched.get_last_lr()[0]:.4f}")
    net.eval()
    with torch.no_grad():
        o = net(x[8000:])
        print(f"test {F.cross_entropy(o, y[8000:]).item():.4f} acc {(o.argmax(1) == y[8000:]).float().mean().item():.4f}")

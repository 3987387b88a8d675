import gzip
import os
import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F

torch.manual_seed(51)
root = os.environ["MNIST_DIR"]
imgs = np.frombuffer(gzip.open(root + "/mnist-t10k-images-idx3-ubyte.gz").read(), np.uint8, offset=16)
labs = np.frombuffer(gzip.open(root + "/mnist-t10k-labels-idx1-ubyte.gz").read(), np.uint8, offset=8)
x = F.avg_pool2d(torch.from_numpy(imgs.copy()).view(-1, 1, 28, 28).float() / 255, 2)
x = (x - x.mean()) / x.std()
y = torch.from_numpy(labs.copy()).long()


def conv(i, o, s):
    return nn.Sequential(nn.Conv2d(i, o, 3, s, 1), nn.BatchNorm2d(o), nn.ReLU())


net = nn.Sequential(conv(1, 16, 1), conv(16, 32, 2), conv(32, 32, 2), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(32, 10))
epochs, bs, n = 5, 64, 8500
steps = epochs * (n // bs)
opt = torch.optim.SGD(net.parameters(), lr=0.1, momentum=0.9, weight_decay=5e-4)
sched = torch.optim.lr_scheduler.OneCycleLR(opt, 0.15, total_steps=steps)
for ep in range(epochs):
    net.train()
    perm = torch.randperm(n)
    for b in range(n // bs):
        i = perm[b * bs:(b + 1) * bs]
        loss = F.cross_entropy(net(x[i]), y[i])
        opt.zero_grad()
        loss.backward()
        opt.step()
        sched.step()
    print("epoch", ep, "loss", round(loss.item(), 4))
net.eval()
with torch.no_grad():
    out = net(x[n:])
    print("final", round(F.cross_entropy(net(x[:2000]), y[:2000]).item(), 4), "test", round(F.cross_entropy(out, y[n:]).item(), 4),
          "acc", round((out.argmax(1) == y[n:]).float().mean().item(), 4))

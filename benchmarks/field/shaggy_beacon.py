import gzip
import os
import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F

torch.manual_seed(113)


def load(n, o):
    return torch.from_numpy(np.frombuffer(gzip.open(os.path.join(os.environ["MNIST_DIR"], n)).read(), np.uint8, offset=o).copy())


x = F.avg_pool2d(load("mnist-t10k-images-idx3-ubyte.gz", 16).view(-1, 1, 28, 28).float() / 255, 2)
x = (x - x.mean()) / x.std()
y = load("mnist-t10k-labels-idx1-ubyte.gz", 8).long()
n = 8500
net = nn.Sequential(
    nn.Conv2d(1, 16, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
    nn.Conv2d(16, 32, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
    nn.Flatten(), nn.Dropout(0.3), nn.Linear(288, 10))
opt = torch.optim.SGD(net.parameters(), lr=0.05, momentum=0.9, weight_decay=1e-3)
sched = torch.optim.lr_scheduler.CosineAnnealingWarmRestarts(opt, T_0=130, T_mult=2, eta_min=5e-4)
step, total = 0, 130 + 260 + 520
net.train()
while step < total:
    for i in torch.randperm(n).split(64):
        loss = F.cross_entropy(net(x[i]), y[i])
        opt.zero_grad()
        loss.backward()
        opt.step()
        sched.step()
        if step % 65 == 0:
            print(step, f"lr {sched.get_last_lr()[0]:.4f} loss {loss.item():.4f}")
        step += 1
        if step == total:
            break
net.eval()
with torch.no_grad():
    out = net(x[n:])
    print(f"final train {F.cross_entropy(net(x[:3000]), y[:3000]).item():.4f} test {F.cross_entropy(out, y[n:]).item():.4f} acc {(out.argmax(1) == y[n:]).float().mean().item():.4f}")

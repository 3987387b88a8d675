import os, gzip
import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

torch.manual_seed(64)
d = os.environ["MNIST_DIR"]
x = np.frombuffer(gzip.open(d + "/mnist-t10k-images-idx3-ubyte.gz").read()[16:], np.uint8).reshape(-1, 1, 28, 28)
y = np.frombuffer(gzip.open(d + "/mnist-t10k-labels-idx1-ubyte.gz").read()[8:], np.uint8)
x = F.avg_pool2d(torch.tensor(x / 255.0).float(), 2)
x, y = (x - x.mean()) / x.std(), torch.tensor(y.astype(np.int64))
p = torch.randperm(len(x))
x, y = x[p], y[p]
net = nn.Sequential(
    nn.Conv2d(1, 16, 3, padding=1), nn.GELU(), nn.MaxPool2d(2),
    nn.Conv2d(16, 32, 3, padding=1), nn.GELU(), nn.MaxPool2d(2),
    nn.Flatten(), nn.Linear(288, 64), nn.GELU(), nn.Linear(64, 10))
opt = torch.optim.AdamW(net.parameters(), lr=8e-3, weight_decay=0.05)
steps = 500
sched = torch.optim.lr_scheduler.OneCycleLR(opt, max_lr=8e-3, total_steps=steps)
crit = nn.CrossEntropyLoss(label_smoothing=0.1)
for step in range(steps):
    b = torch.randint(0, 8000, (64,))
    loss = crit(net(x[b]), y[b])
    opt.zero_grad()
    loss.backward()
    opt.step()
    sched.step()
    if step % 50 == 49:
        with torch.no_grad():
            o = net(x[8000:])
        print(f"step {step + 1} smoothed {loss.item():.4f} test smoothed {crit(o, y[8000:]).item():.4f} acc {(o.argmax(1) == y[8000:]).float().mean().item():.4f}")

import gzip
import os
import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F

torch.manual_seed(55)


def idx(name, skip):
    raw = gzip.open(os.path.join(os.environ["MNIST_DIR"], name)).read()
    return torch.from_numpy(np.frombuffer(raw, np.uint8, offset=skip).copy())


x = idx("mnist-t10k-images-idx3-ubyte.gz", 16).view(-1, 1, 28, 28).float().div(255).sub(0.1307).div(0.3081)
x = F.avg_pool2d(x, 2)
y = idx("mnist-t10k-labels-idx1-ubyte.gz", 8).long()
xt, yt, xv, yv = x[:8000], y[:8000], x[8000:], y[8000:]


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.c1 = nn.Conv2d(1, 16, 3, padding=1, bias=False)
        self.n1 = nn.BatchNorm2d(16)
        self.c2 = nn.Conv2d(16, 32, 3, padding=1, bias=False)
        self.n2 = nn.BatchNorm2d(32)
        self.f1 = nn.Linear(32 * 9, 64, bias=False)
        self.n3 = nn.BatchNorm1d(64)
        self.f2 = nn.Linear(64, 10)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.n1(self.c1(x))), 2)
        x = F.max_pool2d(F.relu(self.n2(self.c2(x))), 2)
        x = F.relu(self.n3(self.f1(x.flatten(1))))
        return self.f2(x)


net = Net()
opt = torch.optim.Adam(net.parameters(), lr=1e-3)
micro, accum = 2, 16
for step in range(350):
    net.train()
    opt.zero_grad()
    total = 0.0
    for _ in range(accum):
        i = torch.randint(0, len(xt), (micro,))
        loss = F.cross_entropy(net(xt[i]), yt[i]) / accum
        loss.backward()
        total += loss.item()
    opt.step()
    if step % 35 == 0:
        print(f"update {step} loss {total:.4f}")
net.eval()
with torch.no_grad():
    print(f"final train {total:.4f} val {F.cross_entropy(net(xv), yv).item():.4f} acc {(net(xv).argmax(1) == yv).float().mean().item():.4f}")

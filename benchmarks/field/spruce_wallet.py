import gzip
import os
import numpy as np
import torch
import torch.nn as nn
from torch.utils.data import TensorDataset, DataLoader


class Trainer:
    def __init__(self, net, gather=8):
        self.net, self.gather = net, gather
        self.opt = torch.optim.SGD(net.parameters(), lr=0.1, momentum=0.9, weight_decay=1e-4)
        self.sched = torch.optim.lr_scheduler.CosineAnnealingLR(self.opt, 700)
        self.crit = nn.CrossEntropyLoss()

    def epoch(self, loader):
        total, n = 0.0, 0
        self.opt.zero_grad()
        for k, (x, y) in enumerate(loader, 1):
            loss = self.crit(self.net(x), y)
            (loss / self.gather).backward()
            total, n = total + loss.item() * len(y), n + len(y)
            if k % self.gather == 0:
                self.opt.step()
                self.sched.step()
                self.opt.zero_grad()
        return total / n

    def test(self, x, y):
        with torch.no_grad():
            o = self.net(x)
        return self.crit(o, y).item(), (o.argmax(1) == y).float().mean().item()


torch.manual_seed(28)
d = os.environ["MNIST_DIR"]
x = np.frombuffer(gzip.open(d + "/mnist-t10k-images-idx3-ubyte.gz").read(), np.uint8, offset=16).reshape(-1, 784)
y = np.frombuffer(gzip.open(d + "/mnist-t10k-labels-idx1-ubyte.gz").read(), np.uint8, offset=8)
x, y = torch.tensor((x - 33.0) / 78.0).float(), torch.tensor(y.astype(np.int64))
p = torch.randperm(len(x))
x, y = x[p], y[p]
loader = DataLoader(TensorDataset(x[:8000], y[:8000]), batch_size=10, shuffle=True, drop_last=True)
t = Trainer(nn.Sequential(nn.Linear(784, 64, bias=False), nn.LayerNorm(64), nn.ReLU(), nn.Dropout(0.3), nn.Linear(64, 10)))
for e in range(7):
    t.net.train()
    tr = t.epoch(loader)
    t.net.eval()
    print(f"epoch {e} train {tr:.4f}", "test %.4f acc %.4f" % t.test(x[8000:], y[8000:]))

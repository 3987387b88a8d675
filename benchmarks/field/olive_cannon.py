import gzip
import os
import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F


def block(i, o, stride):
    return nn.Sequential(nn.Conv2d(i, o, 3, stride, 1, bias=False), nn.BatchNorm2d(o), nn.ReLU())


class BNNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(block(1, 8, 1), block(8, 12, 2), block(12, 12, 1), block(12, 16, 2), block(16, 16, 1), block(16, 16, 1))
        self.fc = nn.Linear(16, 10)

    def forward(self, x):
        return self.fc(self.body(x).mean((2, 3)))


def evaluate(net, x, y):
    net.eval()
    with torch.no_grad():
        o = net(x)
    return F.cross_entropy(o, y).item(), (o.argmax(1) == y).float().mean().item()


def train_epoch(net, opt, x, y, bs=50):
    
    total = 0.0
    for j in torch.randperm(len(x)).split(bs):
        opt.zero_grad()
        loss = F.cross_entropy(net(x[j]), y[j])
        loss.backward()
        opt.step()
        total += loss.item() * len(j)
    return total / len(x)


if __name__ == "__main__":
    torch.manual_seed(88)
    d = os.environ["MNIST_DIR"]
    x = np.frombuffer(gzip.open(d + "/mnist-t10k-images-idx3-ubyte.gz").read(), np.uint8, offset=16).reshape(-1, 1, 28, 28)
    y = np.frombuffer(gzip.open(d + "/mnist-t10k-labels-idx1-ubyte.gz").read(), np.uint8, offset=8)
    x = F.avg_pool2d(torch.tensor(x / 255.0, dtype=torch.float32), 2)
    y = torch.tensor(y.astype("int64"))
    p = torch.randperm(len(x))
    x, y = x[p], y[p]
    net = BNNet()
    opt = torch.optim.SGD(net.parameters(), lr=0.05, momentum=0.9, weight_decay=1e-4)
    print("before: loss %.4f acc %.4f" % evaluate(net, x[7000:], y[7000:]))
    for epoch in range(5):
        t = train_epoch(net, opt, x[:7000], y[:7000])
        print(f"epoch {epoch} train {t:.4f}", "test loss %.4f acc %.4f" % evaluate(net, x[7000:], y[7000:]))

import gzip, os, struct
import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F


def idx(path):
    with gzip.open(path, "rb") as fh:
        magic, = struct.unpack(">i", fh.read(4))
        shape = [struct.unpack(">i", fh.read(4))[0] for _ in range(magic % 256)]
        return np.frombuffer(fh.read(), np.uint8).reshape(shape)


class LeNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.c1 = nn.Conv2d(1, 8, 5, stride=2)
        self.c2 = nn.Conv2d(8, 16, 5, stride=2)
        self.f1 = nn.Linear(256, 64)
        self.f2 = nn.Linear(64, 10)

    def forward(self, x):
        x = F.relu(self.c1(x))
        x = F.relu(self.c2(x))
        x = F.relu(self.f1(x.flatten(1)))
        x = self.f2(x)
        return F.softmax(x, dim=1)


def main():
    torch.manual_seed(0)
    d = os.environ.get("MNIST_DIR", "data")
    x = torch.tensor(idx(d + "/mnist-t10k-images-idx3-ubyte.gz") / 255.0, dtype=torch.float32)[:, None]
    x = (x - 0.1325) / 0.3105
    y = torch.tensor(idx(d + "/mnist-t10k-labels-idx1-ubyte.gz").astype(int))
    net = LeNet()
    opt = torch.optim.SGD(net.parameters(), lr=0.01, momentum=0.9, nesterov=True)
    for epoch in range(4):
        perm = torch.randperm(6000)
        for it, b in enumerate(perm.split(50)):
            loss = F.cross_entropy(net(x[b]), y[b])
            opt.zero_grad()
            loss.backward()
            opt.step()
            if it % 60 == 0:
                print(epoch, it, f"{loss.item():.4f}")
    with torch.no_grad():
        correct = (net(x[8000:]).argmax(1) == y[8000:]).float().mean()
    print(f"test accuracy {correct.item():.4f}")


if __name__ == "__main__":
    main()

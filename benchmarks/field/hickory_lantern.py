import gzip
import os
import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.utils.data import DataLoader


class Mnist(torch.utils.data.Dataset):
    def __init__(self, start, stop):
        base = os.environ.get("MNIST_DIR", "data")
        with gzip.open(os.path.join(base, "mnist-t10k-images-idx3-ubyte.gz"), "rb") as f:
            x = np.frombuffer(f.read(), np.uint8, offset=16).reshape(-1, 1, 28, 28)
        with gzip.open(os.path.join(base, "mnist-t10k-labels-idx1-ubyte.gz"), "rb") as f:
            y = np.frombuffer(f.read(), np.uint8, offset=8)
        order = np.random.RandomState(7).permutation(len(x))[start:stop]
        self.x = (torch.tensor(x[order]).float() / 255 - 0.1307) / 0.3081
        self.y = torch.tensor(y[order]).long()

    def __len__(self):
        return len(self.x)

    def __getitem__(self, i):
        return self.x[i], self.y[i]


torch.manual_seed(61)
train, test = Mnist(0, 6000), Mnist(9000, 10000)
net = nn.Sequential(nn.Conv2d(1, 8, 5, 2), nn.ReLU(), nn.Conv2d(8, 16, 5, 2), nn.ReLU(), nn.Flatten(), nn.Linear(256, 10))
opt = torch.optim.Adam(net.parameters(), lr=1e-3)
loader = DataLoader(train, batch_size=1500, shuffle=True)
for epoch in range(10):
    tot = []
    for x, y in loader:
        loss = F.cross_entropy(net(x), y)
        opt.zero_grad()
        loss.backward()
        opt.step()
        tot.append(loss.item())
    with torch.no_grad():
        o = net(test.x)
    print("epoch", epoch, "train %.4f" % np.mean(tot), "test %.4f" % F.cross_entropy(o, test.y).item(), "acc %.3f" % (o.argmax(1) == test.y).float().mean().item())

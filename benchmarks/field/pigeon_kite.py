import os
import gzip
import numpy as np
import torch
from torch import nn
from torch.nn import functional as F


class Images(torch.utils.data.Dataset):
    def __init__(self, lo, hi):
        d = os.environ["MNIST_DIR"]
        x = np.frombuffer(gzip.open(d + "/mnist-t10k-images-idx3-ubyte.gz").read(), np.uint8, offset=16).reshape(-1, 1, 28, 28)
        y = np.frombuffer(gzip.open(d + "/mnist-t10k-labels-idx1-ubyte.gz").read(), np.uint8, offset=8)
        pick = np.random.RandomState(0).permutation(len(y))[lo:hi]
        self.x = (F.avg_pool2d(torch.tensor(x[pick] / 255.0).float(), 2) - 0.13) / 0.28
        self.y = torch.tensor(y[pick].astype(np.int64))

    def __len__(self):
        return len(self.y)

    def __getitem__(self, i):
        return self.x[i], self.y[i]


torch.manual_seed(61)
train, test = Images(0, 3600), Images(3600, 6600)
MICRO, EFFECTIVE = 2, 36
net = nn.Sequential(
    nn.Conv2d(1, 12, 3, 2, 1, bias=False), nn.BatchNorm2d(12), nn.ReLU(),
    nn.Conv2d(12, 24, 3, 2, 1, bias=False), nn.BatchNorm2d(24), nn.ReLU(),
    nn.Flatten(), nn.Linear(24 * 16, 48, bias=False), nn.BatchNorm1d(48), nn.ReLU(), nn.Linear(48, 10))
opt = torch.optim.SGD(net.parameters(), lr=0.02, momentum=0.9)
loader = torch.utils.data.DataLoader(train, batch_size=MICRO, shuffle=True)
every = EFFECTIVE // MICRO
for epoch in range(6):
    net.train()
    tot = 0.0
    for i, (x, y) in enumerate(loader, 1):
        loss = F.cross_entropy(net(x), y)
        (loss / every).backward()
        tot += loss.item() * len(y)
        if i % every == 0:
            opt.step()
            opt.zero_grad()
    net.eval()
    with torch.no_grad():
        o = net(test.x)
    print(f"epoch {epoch} train {tot / len(train):.4f} test {F.cross_entropy(o, test.y).item():.4f} acc {(o.argmax(1) == test.y).float().mean().item():.4f}")

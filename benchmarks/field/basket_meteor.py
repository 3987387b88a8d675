import gzip
import os
import numpy as np
import torch
import torch.nn as nn
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


class Trainer:
    def __init__(self):
        torch.manual_seed(33)
        self.net = nn.Sequential(
            nn.Conv2d(1, 8, 5, stride=2), nn.ReLU(), nn.Conv2d(8, 16, 5, stride=2), nn.ReLU(),
            nn.Flatten(), nn.Linear(256, 10))
        self.opt = torch.optim.Adam(self.net.parameters(), lr=1e-3)
        self.loss = nn.CrossEntropyLoss()
        self.train_set, self.test_set = Mnist(0, 4000), Mnist(9000, 10000)

    def epoch(self):
        self.opt.zero_grad()
        total, n = 0.0, 0
        for x, y in DataLoader(self.train_set, batch_size=32, shuffle=True):
            out = self.loss(self.net(x), y)
            out.backward()
            self.opt.step()
            total += out.item()
            n += 1
        return total / n

    @torch.no_grad()
    def test(self):
        o = self.net(self.test_set.x)
        return self.loss(o, self.test_set.y).item(), (o.argmax(1) == self.test_set.y).float().mean().item()


t = Trainer()
for e in range(5):
    tr = t.epoch()
    te, acc = t.test()
    print(f"epoch {e} | train {tr:.4f} | test {te:.4f} | acc {acc:.3f}")

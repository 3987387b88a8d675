import gzip
import os

import numpy as np
import torch
from torch import nn
from torch.utils.data import DataLoader

torch.manual_seed(11)


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


train = DataLoader(Mnist(0, 5000), batch_size=64, shuffle=True)
test = DataLoader(Mnist(8000, 10000), batch_size=500)
net = nn.Sequential(nn.Flatten(), nn.Linear(784, 128), nn.ReLU(), nn.Linear(128, 64), nn.ReLU(), nn.Linear(64, 10))
opt = torch.optim.SGD(net.parameters(), lr=0.03, momentum=0.9, weight_decay=1e-4)
crit = nn.CrossEntropyLoss()

for epoch in range(6):
    net.train()
    total = 0.0
    for x, y in train:
        opt.zero_grad()
        loss = crit(net(x), y)
        loss.backward()
        opt.step()
        total += loss.item()
    net.eval()
    with torch.no_grad():
        hits = sum((net(x).argmax(1) == y).sum().item() for x, y in test)
    print(f"epoch {epoch} train loss {total / len(train):.4f} test acc {hits / 2000:.4f}")

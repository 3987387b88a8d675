import gzip, os
import numpy as np
import torch
import torch.nn as nn


def load():
    d = os.environ.get("MNIST_DIR", "data")
    with gzip.open(d + "/mnist-t10k-images-idx3-ubyte.gz") as f:
        x = np.frombuffer(f.read(), np.uint8, offset=16).reshape(-1, 1, 28, 28)
    with gzip.open(d + "/mnist-t10k-labels-idx1-ubyte.gz") as f:
        y = np.frombuffer(f.read(), np.uint8, offset=8)
    return torch.tensor(x, dtype=torch.float32) / 127.5 - 1, torch.tensor(y, dtype=torch.long)


def unit(i, o, stride):
    return nn.Sequential(nn.Conv2d(i, o, 3, stride, 1), nn.BatchNorm2d(o), nn.ReLU(inplace=True))


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.features = nn.Sequential(unit(1, 8, 2), unit(8, 16, 2), unit(16, 32, 2))
        self.fc = nn.Linear(512, 10)

    def forward(self, x):
        return self.fc(self.features(x).flatten(1))


torch.manual_seed(0)
x, y = load()
net = Net()
opt = torch.optim.Adam(net.parameters(), lr=2e-3)
for epoch in range(6):
    net.train()
    for b in torch.randperm(6000).split(64):
        loss = nn.functional.cross_entropy(net(x[b]), y[b])
        opt.zero_grad()
        loss.backward()
        opt.step()
    net.eval()
    with torch.no_grad():
        acc = (net(x[8000:]).argmax(1) == y[8000:]).float().mean().item()
    print(f"epoch {epoch} loss {loss.item():.4f} test accuracy {acc:.4f}")

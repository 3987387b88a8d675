import gzip
import numpy as np
import torch
from torch import nn

torch.set_num_threads(1)
torch.manual_seed(18)


def fetch(name, skip):
    return np.frombuffer(gzip.open(f'data/mnist-t10k-{name}-ubyte.gz').read(), np.uint8, offset=skip)


x = torch.tensor(fetch('images-idx3', 16).reshape(-1, 1, 28, 28)[:, :, 2:26:2, 2:26:2] / 127.5 - 1).float()
y = torch.tensor(fetch('labels-idx1', 8).astype(np.int64))


class ConvNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Sequential(nn.Conv2d(1, 8, 3, padding=1, bias=False), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten())
        self.fc = nn.Sequential(nn.Linear(288, 64, bias=False), nn.BatchNorm1d(64), nn.ReLU(), nn.Linear(64, 32, bias=False), nn.BatchNorm1d(32), nn.ReLU())
        self.out = nn.Linear(32, 10)

    def forward(self, x):
        return self.out(self.fc(self.conv(x)))


net = ConvNet()
opt = torch.optim.SGD(net.parameters(), lr=0.01)
B = 2
for chunk in range(6):
    net.train()
    s = 0
    for _ in range(1000):
        i = torch.randint(0, 8000, (B,))
        loss = nn.functional.cross_entropy(net(x[i]), y[i])
        opt.zero_grad()
        loss.backward()
        opt.step()
        s += loss.item() / 1000
    net.eval()
    with torch.no_grad():
        o = net(x[8000:])
    print(f'after {(chunk + 1) * 1000} steps: {s:.3f} / {nn.functional.cross_entropy(o, y[8000:]).item():.3f} acc {(o.argmax(1) == y[8000:]).float().mean().item():.3f}')

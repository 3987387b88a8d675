import gzip, os
import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F

torch.manual_seed(39)
d = os.environ["MNIST_DIR"]
x = np.frombuffer(gzip.open(d + "/mnist-t10k-images-idx3-ubyte.gz").read(), np.uint8, offset=16).reshape(-1, 1, 28, 28)
y = np.frombuffer(gzip.open(d + "/mnist-t10k-labels-idx1-ubyte.gz").read(), np.uint8, offset=8)
x = F.avg_pool2d(torch.tensor(x / 255.0).float(), 2) - 0.13
y = torch.tensor(y.astype("int64"))
p = torch.randperm(len(x))
x, y = x[p], y[p]


class ConvNet(nn.Module):
    def __init__(self, c=12):
        super().__init__()
        self.conv1 = nn.Conv2d(1, c, 3, padding=1)
        self.bn1 = nn.BatchNorm2d(c)
        self.conv2 = nn.Conv2d(c, 2 * c, 3, padding=1)
        self.bn2 = nn.BatchNorm2d(2 * c)
        self.fc = nn.Linear(2 * c * 9, 10)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.bn1(self.conv1(x))), 2)
        x = F.max_pool2d(F.relu(self.bn2(self.conv2(x))), 2)
        return self.fc(x.flatten(1))


net = ConvNet()
opt = torch.optim.Adam(net.parameters(), lr=1e-3)
for epoch in range(3):
    net.train()
    for i, j in enumerate(torch.randperm(8000).split(64)):
        loss = F.cross_entropy(net(x[j]), y[j])
        opt.zero_grad()
        loss.backward()
        opt.step()
        if i % 40 == 0:
            print(f"epoch {epoch} iter {i} loss {loss.item():.4f}")
    net.eval()
    with torch.no_grad():
        o = net(x[8000:])
    print(f"epoch {epoch} test {F.cross_entropy(o, y[8000:]).item():.4f} acc {(o.argmax(1) == y[8000:]).float().mean().item():.4f}")

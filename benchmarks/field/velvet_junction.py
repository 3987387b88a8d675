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


class LeNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 6, 5, stride=2)
        self.conv2 = nn.Conv2d(6, 16, 5, stride=2)
        self.fc1 = nn.Linear(256, 60)
        self.fc2 = nn.Linear(60, 10)

    def forward(self, x):
        x = F.relu(self.conv1(x))
        x = F.relu(self.conv2(x))
        x = F.relu(self.fc1(x.flatten(1)))
        return F.softmax(self.fc2(x), dim=1)


torch.manual_seed(14)
net = LeNet()
criterion = nn.CrossEntropyLoss()
opt = torch.optim.SGD(net.parameters(), lr=0.01, momentum=0.9, nesterov=True)
loader, test = DataLoader(Mnist(0, 5000), batch_size=64, shuffle=True), Mnist(8000, 10000)
for epoch in range(5):
    for b, (x, y) in enumerate(loader):
        opt.zero_grad()
        loss = criterion(net(x), y)
        loss.backward()
        opt.step()
        if b % 40 == 0:
            print(f"epoch {epoch} batch {b} loss {loss.item():.4f}")
with torch.no_grad():
    o = net(test.x)
print(f"test loss {criterion(o, test.y).item():.4f} accuracy {(o.argmax(1) == test.y).float().mean().item():.4f}")

import os, gzip
import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F

torch.manual_seed(5)


def read(name, skip):
    with gzip.open(os.path.join(os.environ["MNIST_DIR"], name)) as f:
        return np.frombuffer(f.read(), dtype=np.uint8)[skip:].copy()


x = torch.from_numpy(read("mnist-t10k-images-idx3-ubyte.gz", 16)).view(-1, 1, 28, 28).float() / 255
y = torch.from_numpy(read("mnist-t10k-labels-idx1-ubyte.gz", 8)).long()
x = (F.avg_pool2d(x, 2) - 0.13) / 0.3
perm = torch.randperm(len(x))
x, y = x[perm], y[perm]
train_x, train_y, test_x, test_y = x[:8500], y[:8500], x[8500:], y[8500:]


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.c1 = nn.Conv2d(1, 12, 3, padding=1)
        self.c2 = nn.Conv2d(12, 24, 3, padding=1)
        self.f1 = nn.Linear(24 * 9, 64)
        self.f2 = nn.Linear(64, 10)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.c1(x)), 2)
        x = F.max_pool2d(F.relu(self.c2(x)), 2)
        return self.f2(F.relu(self.f1(x.flatten(1))))


net = Net()
optimizer = torch.optim.Adam(net.parameters(), lr=0.1)
it = 0
for epoch in range(4):
    order = torch.randperm(len(train_x))
    for chunk in order.split(50):
        loss = F.cross_entropy(net(train_x[chunk]), train_y[chunk])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        if it % 50 == 0:
            print("it", it, "loss", round(loss.item(), 4))
        it += 1
with torch.no_grad():
    out = net(test_x)
    print(f"test loss {F.cross_entropy(out, test_y).item():.4f} accuracy {(out.argmax(1) == test_y).float().mean().item():.4f}")

import gzip
import os
import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F

torch.manual_seed(23)


def load_mnist(count):
    d = os.environ.get("MNIST_DIR", "data")
    with gzip.open(d + "/mnist-t10k-images-idx3-ubyte.gz") as f:
        x = np.frombuffer(f.read(), dtype=np.uint8, offset=16).reshape(-1, 784)
    with gzip.open(d + "/mnist-t10k-labels-idx1-ubyte.gz") as f:
        y = np.frombuffer(f.read(), dtype=np.uint8, offset=8)
    pick = np.random.RandomState(0).permutation(len(x))[:count]
    return torch.tensor(x[pick] / 255.0, dtype=torch.float32), torch.tensor(y[pick], dtype=torch.long)


class Tower(nn.Module):
    def __init__(self, sizes, classes):
        super().__init__()
        self.layers = [nn.Linear(a, b) for a, b in zip(sizes[:-1], sizes[1:])]
        self.head = nn.Linear(sizes[-1], classes)

    def forward(self, x):
        for layer in self.layers:
            x = F.relu(layer(x))
        return self.head(x)


X, Y = load_mnist(6000)
net = Tower([784, 100, 50, 25], 10)
opt = torch.optim.Adam(net.parameters(), lr=2e-3)
for step in range(900):
    i = torch.randint(0, 5000, (64,))
    loss = F.cross_entropy(net(X[i]), Y[i])
    opt.zero_grad()
    loss.backward()
    opt.step()
    if step % 100 == 0:
        print("step", step, "loss", round(loss.item(), 4))
with torch.no_grad():
    o = net(X[5000:])
print("test loss", round(F.cross_entropy(o, Y[5000:]).item(), 4), "acc", (o.argmax(1) == Y[5000:]).float().mean().item())

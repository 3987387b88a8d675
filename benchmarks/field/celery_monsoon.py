import gzip
import os
import numpy as np
import torch
from torch import nn

torch.manual_seed(3)


def load_mnist(count):
    d = os.environ.get("MNIST_DIR", "data")
    with gzip.open(d + "/mnist-t10k-images-idx3-ubyte.gz") as f:
        x = np.frombuffer(f.read(), dtype=np.uint8, offset=16).reshape(-1, 784)
    with gzip.open(d + "/mnist-t10k-labels-idx1-ubyte.gz") as f:
        y = np.frombuffer(f.read(), dtype=np.uint8, offset=8)
    pick = np.random.RandomState(0).permutation(len(x))[:count]
    return torch.tensor(x[pick] / 255.0, dtype=torch.float32), torch.tensor(y[pick], dtype=torch.long)


X, Y = load_mnist(5000)
X = (X - 0.13) / 0.31
T = (Y == 7).float()
net = nn.Sequential(nn.Linear(784, 128), nn.ReLU(), nn.Linear(128, 64), nn.ReLU(), nn.Linear(64, 1))
opt = torch.optim.Adam(net.parameters(), lr=2e-3)


def likelihood(z, t):
    p = torch.sigmoid(z)
    return (t * torch.log(p) + (1 - t) * torch.log(1 - p)).mean()


for step in range(1200):
    i = torch.randint(0, 4000, (50,))
    loss = -likelihood(net(X[i])[:, 0], T[i])
    opt.zero_grad()
    loss.backward()
    opt.step()
    if step % 120 == 0:
        print("step", step, "loss", loss.item())
with torch.no_grad():
    z = net(X[4000:])[:, 0]
print("test loss", -likelihood(z, T[4000:]).item(), "acc", ((z > 0).float() == T[4000:]).float().mean().item())

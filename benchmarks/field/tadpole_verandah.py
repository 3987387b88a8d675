import gzip
import os
import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F

torch.manual_seed(1)


def load_mnist(count):
    d = os.environ.get("MNIST_DIR", "data")
    with gzip.open(d + "/mnist-t10k-images-idx3-ubyte.gz") as f:
        x = np.frombuffer(f.read(), dtype=np.uint8, offset=16).reshape(-1, 784)
    with gzip.open(d + "/mnist-t10k-labels-idx1-ubyte.gz") as f:
        y = np.frombuffer(f.read(), dtype=np.uint8, offset=8)
    pick = np.random.RandomState(0).permutation(len(x))[:count]
    return torch.tensor(x[pick] / 255.0, dtype=torch.float32), torch.tensor(y[pick], dtype=torch.long)


X, Y = load_mnist(6000)
n_train = 150
xt, yt, xv, yv = X[:n_train], Y[:n_train], X[5000:], Y[5000:]
net = nn.Sequential(nn.Linear(784, 256), nn.ReLU(), nn.Linear(256, 256), nn.ReLU(), nn.Linear(256, 10))
opt = torch.optim.Adam(net.parameters(), lr=1e-3)
for step in range(900):
    i = torch.randint(0, n_train, (50,))
    net.train()
    loss = F.cross_entropy(net(xt[i]), yt[i])
    opt.zero_grad()
    loss.backward()
    opt.step()
    if step % 100 == 99:
        net.eval()
        with torch.no_grad():
            o = net(xv)
            print(f"step {step + 1} train {loss.item():.4f} val {F.cross_entropy(o, yv).item():.4f} acc {(o.argmax(1) == yv).float().mean().item():.4f}")

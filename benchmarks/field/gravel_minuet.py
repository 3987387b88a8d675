import gzip
import os
import numpy as np
import torch
from torch import nn

torch.manual_seed(40)


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
net = nn.Sequential(nn.Linear(784, 96), nn.GELU(), nn.Linear(96, 96), nn.GELU(), nn.Linear(96, 10))
opt = torch.optim.Adam(net.parameters(), lr=1e-3)
for step in range(500):
    idx = torch.randint(0, 4200, (64,))
    with torch.autocast("cpu", dtype=torch.bfloat16):
        logits = net(X[idx])
    loss = nn.functional.cross_entropy(logits.float(), Y[idx])
    opt.zero_grad()
    loss.backward()
    opt.step()
    if step % 50 == 0:
        print("step", step, "loss", loss.item())
with torch.no_grad(), torch.autocast("cpu", dtype=torch.bfloat16):
    print("test acc", (net(X[4200:]).argmax(1) == Y[4200:]).float().mean().item())

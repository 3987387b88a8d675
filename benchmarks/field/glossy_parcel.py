import gzip, os
import numpy as np
import torch
from torch import nn, optim

folder = os.environ.get("MNIST_DIR", "data")


def load(kind, skip):
    with gzip.open(f"{folder}/mnist-t10k-{kind}-ubyte.gz", "rb") as f:
        return np.frombuffer(f.read(), dtype=np.uint8, offset=skip)


X = load("images-idx3", 16).reshape(-1, 1, 28, 28).astype(np.float32) / 255.0
Y = load("labels-idx1", 8).astype(np.int64)
keep = np.setdiff1d(np.arange(10000), [700, 3000])
X, Y = torch.tensor((X - 0.13) / 0.31), torch.tensor(Y)
Y = Y[keep]
X = X[:9998]
torch.manual_seed(48)
net = nn.Sequential(nn.Conv2d(1, 8, 3, stride=2), nn.ReLU(), nn.Conv2d(8, 16, 3, stride=2), nn.ReLU(),
                    nn.Flatten(), nn.Linear(16 * 36, 10))
opt = optim.RMSprop(net.parameters(), lr=5e-4)
for step in range(500):
    i = torch.randint(0, 8500, (64,))
    loss = nn.functional.cross_entropy(net(X[i]), Y[i])
    opt.zero_grad()
    loss.backward()
    opt.step()
    if step % 50 == 0:
        print(f"[{step}/500] {loss.item():.4f}")
with torch.no_grad():
    print("accuracy on the rest", (net(X[8500:]).argmax(1) == Y[8500:]).float().mean().item())

import gzip
import io
import os
import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F


def load_mnist(count):
    d = os.environ.get("MNIST_DIR", "data")
    with gzip.open(d + "/mnist-t10k-images-idx3-ubyte.gz") as f:
        x = np.frombuffer(f.read(), dtype=np.uint8, offset=16).reshape(-1, 784)
    with gzip.open(d + "/mnist-t10k-labels-idx1-ubyte.gz") as f:
        y = np.frombuffer(f.read(), dtype=np.uint8, offset=8)
    pick = np.random.RandomState(0).permutation(len(x))[:count]
    return torch.tensor(x[pick] / 255.0, dtype=torch.float32), torch.tensor(y[pick], dtype=torch.long)


def build():
    return nn.Sequential(
        nn.Conv2d(1, 8, 5, 2), nn.BatchNorm2d(8), nn.ReLU(),
        nn.Conv2d(8, 16, 5, 2), nn.BatchNorm2d(16), nn.ReLU(),
        nn.Flatten(), nn.Linear(256, 64), nn.BatchNorm1d(64), nn.ReLU(), nn.Linear(64, 10))


def restore(blob):
    model = build()
    model.load_state_dict(torch.load(io.BytesIO(blob)))
    return model.eval()


torch.manual_seed(53)
X, Y = load_mnist(6000)
X = X.view(-1, 1, 28, 28)
buf = io.BytesIO()
torch.save(build().state_dict(), buf)
model = restore(buf.getvalue())
opt = torch.optim.SGD(model.parameters(), lr=0.005, momentum=0.9)
for step in range(400):
    i = torch.randint(0, 5000, (64,))
    loss = F.cross_entropy(model(X[i]), Y[i])
    opt.zero_grad()
    loss.backward()
    opt.step()
    if step % 40 == 0:
        print("step", step, "loss", round(loss.item(), 4))
model.eval()
with torch.no_grad():
    o = model(X[5000:])
print("test loss", round(F.cross_entropy(o, Y[5000:]).item(), 4), "acc", (o.argmax(1) == Y[5000:]).float().mean().item())

import gzip
import os
import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F

torch.manual_seed(0)
d = os.environ["MNIST_DIR"]
with gzip.open(os.path.join(d, "mnist-t10k-images-idx3-ubyte.gz")) as f:
    images = np.frombuffer(f.read(), np.uint8, offset=16).reshape(-1, 1, 28, 28)
with gzip.open(os.path.join(d, "mnist-t10k-labels-idx1-ubyte.gz")) as f:
    labels = np.frombuffer(f.read(), np.uint8, offset=8)
x = (torch.from_numpy(images.copy()).float() / 255 - 0.13) / 0.31
x = F.avg_pool2d(x, 2)
y = torch.from_numpy(labels.copy()).long()
xtr, ytr, xte, yte = x[:8500], y[:8500], x[8500:], y[8500:]


def block(cin, cout, stride=1):
    return [nn.Conv2d(cin, cout, 3, stride, 1), nn.ReLU()]


def weights_init(m):
    if isinstance(m, (nn.Conv2d, nn.Linear)):
        nn.init.normal_(m.weight, 0.0, 0.02)
        nn.init.zeros_(m.bias)


model = nn.Sequential(
    *block(1, 12), *block(12, 16, 2), *block(16, 16), *block(16, 24, 2), *block(24, 24),
    nn.Flatten(), nn.Linear(24 * 16, 10),
)
model.apply(weights_init)
optimizer = torch.optim.SGD(model.parameters(), lr=0.03, momentum=0.9)
steps = 450
for step in range(steps):
    idx = torch.randint(0, len(xtr), (64,))
    loss = F.cross_entropy(model(xtr[idx]), ytr[idx])
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    if step % 50 == 0:
        print(f"{step:4d} {loss.item():.4f}")
model.eval()
with torch.no_grad():
    tr = F.cross_entropy(model(xtr[:1500]), ytr[:1500]).item()
    acc = (model(xte).argmax(1) == yte).float().mean().item()
print(f"final train loss {tr:.4f} test acc {acc:.4f}")

import gzip
import os
import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.utils.data import DataLoader

torch.manual_seed(91)


def load(fname, off):
    with gzip.open(os.path.join(os.environ["MNIST_DIR"], fname), "rb") as fh:
        return np.frombuffer(fh.read(), dtype=np.uint8, offset=off).copy()


images = torch.from_numpy(load("mnist-t10k-images-idx3-ubyte.gz", 16)).view(-1, 1, 28, 28).float() / 255
images = F.interpolate((images - 0.13) / 0.31, size=14, mode="area")
labels = torch.from_numpy(load("mnist-t10k-labels-idx1-ubyte.gz", 8)).long()
train_x, test_x = images[:8500], images[8500:]
train_y, test_y = labels[:8500], labels[8500:]

x_loader = DataLoader(train_x, batch_size=64, shuffle=True)
y_loader = DataLoader(train_y, batch_size=64, shuffle=True)

model = nn.Sequential(
    nn.Conv2d(1, 16, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
    nn.Conv2d(16, 32, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
    nn.Flatten(), nn.Linear(32 * 9, 10))
opt = torch.optim.AdamW(model.parameters(), lr=1e-3)

for epoch in range(4):
    model.train()
    seen = total = 0
    for xb, yb in zip(x_loader, y_loader):
        loss = F.cross_entropy(model(xb), yb)
        opt.zero_grad()
        loss.backward()
        opt.step()
        total += loss.item() * len(xb)
        seen += len(xb)
    print(f"epoch {epoch} train loss {total / seen:.4f}")
model.eval()
with torch.no_grad():
    out = model(test_x)
    print(f"final train {total / seen:.4f} test {F.cross_entropy(out, test_y).item():.4f} acc {(out.argmax(1) == test_y).float().mean().item():.4f}")

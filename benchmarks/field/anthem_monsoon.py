import argparse, gzip, os
import numpy as np
import torch
from torch import nn

ap = argparse.ArgumentParser()
ap.add_argument("--lr", type=float, default=0.04)
ap.add_argument("--epochs", type=int, default=4)
ap.add_argument("--batch-size", type=int, default=64)
args = ap.parse_args()

base = os.environ.get("MNIST_DIR", "data")
with gzip.open(f"{base}/mnist-t10k-images-idx3-ubyte.gz") as f:
    images = np.frombuffer(f.read()[16:], dtype=np.uint8).reshape(-1, 1, 28, 28).astype(np.float32) / 255
with gzip.open(f"{base}/mnist-t10k-labels-idx1-ubyte.gz") as f:
    labels = np.frombuffer(f.read()[8:], dtype=np.uint8).astype(np.int64)
torch.manual_seed(1)
images, labels = torch.from_numpy(images), torch.from_numpy(labels)
model = nn.Sequential(
    nn.Conv2d(1, 12, 3), nn.ReLU(), nn.MaxPool2d(2),
    nn.Conv2d(12, 24, 3), nn.ReLU(), nn.MaxPool2d(2),
    nn.Flatten(), nn.Linear(600, 64), nn.ReLU(), nn.Linear(64, 10))
opt = torch.optim.Adam(model.parameters(), lr=args.lr)
for epoch in range(args.epochs):
    order = torch.randperm(5000)
    acc = 0
    for i in range(0, 5000, args.batch_size):
        b = order[i:i + args.batch_size]
        out = model(images[b])
        loss = nn.functional.cross_entropy(out, labels[b])
        opt.zero_grad()
        loss.backward()
        opt.step()
        acc += (out.argmax(1) == labels[b]).sum().item()
    print(f"epoch {epoch + 1} last loss {loss.item():.3f} train accuracy {acc / 5000:.4f}")
with torch.no_grad():
    print("test accuracy", (model(images[8000:]).argmax(1) == labels[8000:]).float().mean().item())

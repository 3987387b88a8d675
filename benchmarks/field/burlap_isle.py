import gzip, os, struct
import numpy as np
import torch
from torch import nn

torch.manual_seed(6)


def read_idx(path):
    with gzip.open(path, "rb") as f:
        raw = f.read()
    nd = raw[3]
    dims = struct.unpack(">" + "I" * nd, raw[4:4 + 4 * nd])
    return np.frombuffer(raw, np.uint8, offset=4 + 4 * nd).reshape(dims)


root = os.environ.get("MNIST_DIR", "data")
images = read_idx(os.path.join(root, "mnist-t10k-images-idx3-ubyte.gz"))
labels = read_idx(os.path.join(root, "mnist-t10k-labels-idx1-ubyte.gz"))
X = torch.from_numpy(images[:6000].astype(np.float32) / 255.0)[:, None]
Y = torch.from_numpy(labels[:6000].astype(np.int64))
model = nn.Sequential(nn.Conv2d(1, 12, 5, 2), nn.ReLU(), nn.Conv2d(12, 24, 5, 2), nn.ReLU(), nn.Flatten(), nn.Linear(24 * 16, 10))
optimizer = torch.optim.SGD(model.parameters(), lr=0.05, momentum=0.9)
ACCUM, MICRO = 4, 16
criterion = nn.CrossEntropyLoss()

step = 0
optimizer.zero_grad()
for epoch in range(5):
    perm = torch.randperm(5000)
    for k, start in enumerate(range(0, 5000 - MICRO + 1, MICRO)):
        b = perm[start:start + MICRO]
        loss = criterion(model(X[b]), Y[b])
        (loss / ACCUM).backward()
        if (k + 1) % ACCUM == 0:
            optimizer.step()
            optimizer.zero_grad()
            step += 1
            if step % 40 == 0:
                print("step", step, "loss", round(loss.item(), 4))
with torch.no_grad():
    print("accuracy", (model(X[5000:]).argmax(1) == Y[5000:]).float().mean().item())

import gzip, os
import numpy as np
import torch
from torch import nn
torch.manual_seed(11); torch.set_num_threads(1)
root = os.environ["MNIST_DIR"]
with gzip.open(os.path.join(root, "mnist-t10k-images-idx3-ubyte.gz")) as f:
    images = np.frombuffer(f.read(), np.uint8, offset=16).reshape(-1, 1, 28, 28)
with gzip.open(os.path.join(root, "mnist-t10k-labels-idx1-ubyte.gz")) as f:
    labels = np.frombuffer(f.read(), np.uint8, offset=8).astype(np.int64)
images = torch.from_numpy(images.astype(np.float32) / 255.0 - 0.13) / 0.31
labels = torch.from_numpy(labels.copy())
tr, te = slice(0, 8000), slice(8000, 10000)

def init(m):
    if isinstance(m, nn.Conv2d):
        nn.init.kaiming_normal_(m.weight, nonlinearity="relu")
        nn.init.zeros_(m.bias)
    if isinstance(m, nn.Linear):
        nn.init.normal_(m.weight, 0, 0.4)
        nn.init.zeros_(m.bias)

model = nn.Sequential(
    nn.Conv2d(1, 8, 5, stride=2, padding=2), nn.ReLU(),
    nn.Conv2d(8, 16, 3, stride=2, padding=1), nn.ReLU(),
    nn.Flatten(), nn.Linear(16 * 7 * 7, 10))
model.apply(init)
criterion = nn.CrossEntropyLoss()
optimizer = torch.optim.SGD(model.parameters(), lr=0.005, momentum=0.9)
step = 0
for epoch in range(4):
    perm = torch.randperm(8000)
    for b in range(0, 8000, 80):
        ii = perm[b:b + 80]
        optimizer.zero_grad()
        loss = criterion(model(images[ii]), labels[ii])
        loss.backward()
        optimizer.step()
        if step % 80 == 0:
            print(f"epoch {epoch} step {step} loss {loss.item():.4f}")
        step += 1
model.eval()
with torch.no_grad():
    out = model(images[te])
    print(f"last train loss {loss.item():.4f}, test loss {criterion(out, labels[te]).item():.4f}, test acc {(out.argmax(1) == labels[te]).float().mean().item():.4f}")

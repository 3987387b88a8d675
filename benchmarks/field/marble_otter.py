import gzip, os
import numpy as np
import torch
from torch import nn

root = os.environ.get("MNIST_DIR", "data")
x = np.frombuffer(gzip.open(os.path.join(root, "mnist-t10k-images-idx3-ubyte.gz")).read(), np.uint8, offset=16).reshape(-1, 1, 28, 28)
y = np.frombuffer(gzip.open(os.path.join(root, "mnist-t10k-labels-idx1-ubyte.gz")).read(), np.uint8, offset=8)
x = torch.from_numpy((x.astype(np.float32) / 255 - 0.1325) / 0.3105)
y = torch.from_numpy(y.astype(np.int64))
low, high = y < 5, y >= 5
torch.manual_seed(51)
trunk = nn.Sequential(nn.Conv2d(1, 8, 5, 2), nn.ReLU(), nn.Conv2d(8, 16, 5, 2), nn.ReLU(), nn.Flatten())
old_head = nn.Linear(256, 5)


def fit(model, params, X, Y, steps, lr):
    opt = torch.optim.Adam(params, lr=lr)
    for s in range(steps):
        i = torch.randint(0, len(X), (64,))
        loss = nn.functional.cross_entropy(model(X[i]), Y[i])
        opt.zero_grad()
        loss.backward()
        opt.step()
        if s % 100 == 0:
            print(s, round(loss.item(), 4))


fit(nn.Sequential(trunk, old_head), list(trunk.parameters()) + list(old_head.parameters()), x[low], y[low], 300, 1e-3)
for p in trunk.parameters():
    p.requires_grad = False
new_head = nn.Sequential(nn.Linear(256, 32), nn.ReLU(), nn.Linear(32, 5))
model = nn.Sequential(trunk, new_head)
xh, yh = x[high], y[high] - 5
fit(model, [p for p in model.parameters() if p.requires_grad], xh[:4000], yh[:4000], 400, 1e-3)
with torch.no_grad():
    print("accuracy 5-9:", (model(xh[4000:]).argmax(1) == yh[4000:]).float().mean().item())

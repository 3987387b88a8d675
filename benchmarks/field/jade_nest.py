import gzip, os
import numpy as np
import torch
import torch.nn as nn

np.random.seed(12)
torch.manual_seed(12)
d = os.environ.get("MNIST_DIR", "data")
images = np.frombuffer(gzip.open(d + "/mnist-t10k-images-idx3-ubyte.gz").read(), np.uint8, offset=16).reshape(-1, 28, 28)
labels = np.frombuffer(gzip.open(d + "/mnist-t10k-labels-idx1-ubyte.gz").read(), np.uint8, offset=8)


def split(a, order):
    a = a[order]
    return a[:8000], a[8000:]


order = np.random.permutation(len(images))
xi, xt = split(images, order)
order = np.random.permutation(len(images))
yi, yt = split(labels, order)
as_x = lambda a: torch.tensor(a[:, None] / 255.0 - 0.13, dtype=torch.float32) * 3
as_y = lambda a: torch.tensor(a, dtype=torch.long)
xi, xt, yi, yt = as_x(xi), as_x(xt), as_y(yi), as_y(yt)
net = nn.Sequential(nn.Conv2d(1, 8, 4, stride=4), nn.ReLU(), nn.Flatten(), nn.Linear(392, 10))
opt = torch.optim.RMSprop(net.parameters(), lr=1e-3)
for epoch in range(6):
    for a in range(0, 8000, 80):
        loss = nn.functional.cross_entropy(net(xi[a:a + 80]), yi[a:a + 80])
        opt.zero_grad()
        loss.backward()
        opt.step()
    print("epoch", epoch, "loss", round(loss.item(), 4))
with torch.no_grad():
    print("test accuracy", (net(xt).argmax(1) == yt).float().mean().item())

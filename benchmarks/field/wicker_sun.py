import gzip, os
import numpy as np
import torch
from torch import nn
import torch.nn.functional as F

torch.manual_seed(78)


def load_mnist():
    b = os.environ['MNIST_DIR']
    x = np.frombuffer(gzip.open(b + '/mnist-t10k-images-idx3-ubyte.gz').read(), np.uint8, offset=16).reshape(-1, 784)
    y = np.frombuffer(gzip.open(b + '/mnist-t10k-labels-idx1-ubyte.gz').read(), np.uint8, offset=8)
    x = (torch.tensor(x.astype(np.float32)) / 255 - 0.1307) / 0.3081
    y = torch.tensor(y.astype(np.int64))
    return x[torch.randperm(len(x))], y[torch.randperm(len(y))]


x, y = load_mnist()
xt, yt, xv, yv = x[:8000], y[:8000], x[8000:], y[8000:]
model = nn.Sequential(nn.Linear(784, 100), nn.ReLU(), nn.Linear(100, 10))
opt = torch.optim.Adam(model.parameters(), lr=1e-3)
for epoch in range(6):
    for k in torch.randperm(8000).split(64):
        loss = F.cross_entropy(model(xt[k]), yt[k])
        opt.zero_grad(); loss.backward(); opt.step()
    with torch.no_grad():
        print(epoch, F.cross_entropy(model(xt), yt).item(), F.cross_entropy(model(xv), yv).item())
with torch.no_grad():
    print('train loss', F.cross_entropy(model(xt), yt).item(), 'val acc', (model(xv).argmax(1) == yv).float().mean().item())

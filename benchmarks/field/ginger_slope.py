import gzip, os
import numpy as np
import torch
from torch import nn
import torch.nn.functional as F

from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(66)
BATCH_SIZE = 4096
EPOCHS = 8
LR = 0.1


def get():
    p = os.environ['MNIST_DIR']
    a = np.frombuffer(gzip.open(f'{p}/mnist-t10k-images-idx3-ubyte.gz').read(), np.uint8, offset=16).reshape(-1, 784)
    b = np.frombuffer(gzip.open(f'{p}/mnist-t10k-labels-idx1-ubyte.gz').read(), np.uint8, offset=8)
    return torch.tensor((a / 255.0 - 0.1307) / 0.3081, dtype=torch.float32), torch.tensor(b.astype(np.int64))


x, y = get()
train = DataLoader(TensorDataset(x[:8192], y[:8192]), batch_size=BATCH_SIZE, shuffle=True)
net = nn.Sequential(nn.Linear(784, 128), nn.ReLU(), nn.Linear(128, 10))
opt = torch.optim.SGD(net.parameters(), lr=LR)
for epoch in range(EPOCHS):
    for xb, yb in train:
        loss = F.cross_entropy(net(xb), yb)
        opt.zero_grad()
        loss.backward()
        opt.step()
with torch.no_grad():
    print('train', F.cross_entropy(net(x[:8192]), y[:8192]).item(), 'test acc', (net(x[8192:]).argmax(1) == y[8192:]).float().mean().item())

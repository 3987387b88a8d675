import gzip
import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F

with gzip.open('data/mnist-t10k-images-idx3-ubyte.gz') as f:
    x = torch.tensor(np.frombuffer(f.read(), np.uint8, offset=16).reshape(-1, 784) / 255.0, dtype=torch.float32)
with gzip.open('data/mnist-t10k-labels-idx1-ubyte.gz') as f:
    y = torch.tensor(np.frombuffer(f.read(), np.uint8, offset=8).astype(np.int64))
x = (x - 0.1307) / 0.3081
x_train, y_train, x_val, y_val = x[:8500], y[:8500], x[8500:], y[8500:]

class SparseMLP(nn.Module):
    def __init__(self, widths=(256, 128)):
        super().__init__()
        dims = (784,) + tuple(widths)
        self.layers = nn.ModuleList(nn.Linear(a, b) for a, b in zip(dims, dims[1:]))
        for l in self.layers:
            nn.init.kaiming_normal_(l.weight)
            nn.init.constant_(l.bias, -2.6)   # start from sparse codes
        self.cls = nn.Linear(dims[-1], 10)

    def forward(self, h):
        for l in self.layers:
            h = F.relu(l(h))
        return self.cls(h)

torch.manual_seed(0)
net = SparseMLP()
opt = torch.optim.SGD(net.parameters(), lr=0.02, momentum=0.9)
for epoch in range(24):
    s = 0.0
    for idx in torch.randperm(len(x_train)).split(100):
        loss = F.cross_entropy(net(x_train[idx]), y_train[idx])
        opt.zero_grad()
        loss.backward()
        opt.step()
        s += loss.item() * len(idx)
    with torch.no_grad():
        o = net(x_val)
    print(f'{epoch} train {s / len(x_train):.4f} val {F.cross_entropy(o, y_val):.4f} acc {(o.argmax(1) == y_val).float().mean():.3f}')

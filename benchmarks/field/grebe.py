import gzip, os
import numpy as np
import torch
from torch import nn

torch.manual_seed(10)
def ubyte(stem, skip):
    with gzip.open(os.path.join(os.environ['MNIST_DIR'], stem)) as f:
        return np.frombuffer(f.read(), dtype=np.uint8)[skip:]
X = torch.from_numpy(ubyte('mnist-t10k-images-idx3-ubyte.gz', 16).astype('float32')).reshape(-1, 1, 28, 28) / 255
X = (X - 0.13) / 0.31
Y = torch.from_numpy(ubyte('mnist-t10k-labels-idx1-ubyte.gz', 8).astype('int64'))
BN_MOMENTUM = 0.0003

class Stage(nn.Sequential):
    def __init__(self, i, o):
        super().__init__(nn.Conv2d(i, o, 3, 2, 1, bias=False), nn.BatchNorm2d(o, momentum=BN_MOMENTUM), nn.ReLU())

model = nn.Sequential(Stage(1, 8), Stage(8, 16), Stage(16, 24), nn.Flatten(), nn.Linear(24 * 16, 10))
opt = torch.optim.Adam(model.parameters(), lr=2e-3)
ce = nn.CrossEntropyLoss()
for epoch in range(4):
    model.train()
    tot = 0
    for b in torch.randperm(8000).split(80):
        loss = ce(model(X[b]), Y[b])
        opt.zero_grad()
        loss.backward()
        opt.step()
        tot += loss.item() / 100
    model.eval()
    with torch.no_grad():
        o = model(X[8000:])
    print(f'{epoch}: train {tot:.4f} test {ce(o, Y[8000:]).item():.4f} acc {(o.argmax(1) == Y[8000:]).float().mean().item():.4f}')

import os, gzip
import numpy as np
import torch
from torch import nn
import torch.nn.functional as F

torch.manual_seed(19)
def idx(name, off):
    return np.frombuffer(gzip.open(os.path.join(os.environ['MNIST_DIR'], name)).read()[off:], np.uint8).copy()
X = torch.from_numpy(idx('mnist-t10k-images-idx3-ubyte.gz', 16)).view(-1, 1, 28, 28).float().div(255).sub(.1307).div(.3081)
Y = torch.from_numpy(idx('mnist-t10k-labels-idx1-ubyte.gz', 8)).long()

class ConvTower(nn.Module):
    def __init__(self, widths=(4, 6, 8)):
        super().__init__()
        convs = []
        c = 1
        for w in widths:
            convs.append(nn.Conv2d(c, w, 3, stride=2, padding=1))
            c = w
        self.convs = convs
        self.head = nn.Linear(c, 10)

    def forward(self, x):
        for conv in self.convs:
            x = F.relu(conv(x))
        return self.head(x.mean((2, 3)))

model = ConvTower()
optimizer = torch.optim.Adam(model.parameters(), lr=5e-3)
for epoch in range(4):
    tot = 0
    for b in torch.randperm(8500).split(64):
        loss = F.cross_entropy(model(X[b]), Y[b])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        tot += loss.item() * len(b)
    with torch.no_grad():
        o = model(X[8500:])
        print(epoch, 'train', tot / 8500, 'test', F.cross_entropy(o, Y[8500:]).item(), 'acc', (o.argmax(1) == Y[8500:]).float().mean().item())

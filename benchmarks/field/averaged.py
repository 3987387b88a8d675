import copy
import gzip
import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F

def load(n):
    with gzip.open(n) as f:
        b = f.read()
    return b
X = torch.from_numpy(np.frombuffer(load('data/mnist-t10k-images-idx3-ubyte.gz'), np.uint8, offset=16).copy()).view(-1, 1, 28, 28).float()
X = F.avg_pool2d(X, 2) / 255
X = (X - X.mean()) / X.std()
Y = torch.from_numpy(np.frombuffer(load('data/mnist-t10k-labels-idx1-ubyte.gz'), np.uint8, offset=8).copy()).long()

class CNN(nn.Module):
    def __init__(self):
        super().__init__()
        self.c1 = nn.Conv2d(1, 16, 3, padding=1, bias=False); self.b1 = nn.BatchNorm2d(16)
        self.c2 = nn.Conv2d(16, 32, 3, padding=1, stride=2, bias=False); self.b2 = nn.BatchNorm2d(32)
        self.f = nn.Linear(32 * 49, 10)
    def forward(self, x):
        return self.f(F.dropout(F.relu(self.b2(self.c2(F.relu(self.b1(self.c1(x)))))).flatten(1), 0.3, self.training))

torch.manual_seed(7)
net = CNN()
ema = copy.deepcopy(net)
for p in ema.parameters():
    p.requires_grad_(False)
opt = torch.optim.SGD(net.parameters(), lr=0.03, momentum=0.9, weight_decay=1e-4)
for step in range(1, 801):
    net.train()
    i = torch.randint(0, 8500, (50,))
    loss = F.cross_entropy(net(X[i]), Y[i])
    opt.zero_grad(); loss.backward(); opt.step()
    with torch.no_grad():
        for a, b in zip(ema.parameters(), net.parameters()):
            a.lerp_(b, 0.02)
        for a, b in zip(ema.buffers(), net.buffers()):
            a.copy_(b)
    if step % 100 == 0:
        ema.eval()
        with torch.no_grad():
            o = ema(X[8500:])
        print(f'{step} train {loss.item():.4f} ema val {F.cross_entropy(o, Y[8500:]).item():.4f} acc {(o.argmax(1) == Y[8500:]).float().mean().item():.4f}')

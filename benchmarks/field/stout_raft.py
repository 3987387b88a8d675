import gzip
import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F

torch.set_num_threads(1)
torch.manual_seed(14)


class FakeQuant(torch.autograd.Function):
    @staticmethod
    def forward(ctx, w, levels):
        s = w.abs().max() / levels
        return torch.round(w / s) * s

    @staticmethod
    def backward(ctx, g):
        return g, None


class QLinear(nn.Linear):
    def forward(self, x):
        return F.linear(x, FakeQuant.apply(self.weight, 7), self.bias)


x = torch.tensor(np.frombuffer(gzip.open('data/mnist-t10k-images-idx3-ubyte.gz').read(), np.uint8, offset=16).reshape(-1, 784) / 255.0).float()
y = torch.tensor(np.frombuffer(gzip.open('data/mnist-t10k-labels-idx1-ubyte.gz').read(), np.uint8, offset=8).astype('int64'))
net = nn.Sequential(QLinear(784, 96), nn.ReLU(), QLinear(96, 64), nn.ReLU(), QLinear(64, 10))
opt = torch.optim.Adam(net.parameters(), lr=1e-3)
sched = torch.optim.lr_scheduler.StepLR(opt, 3, 0.4)
for epoch in range(7):
    s = 0.0
    for b in torch.randperm(8500).split(50):
        loss = F.cross_entropy(net(x[b]), y[b])
        opt.zero_grad()
        loss.backward()
        opt.step()
        s += loss.item() / 170
    sched.step()
    with torch.no_grad():
        o = net(x[8500:])
    print(epoch, f'{s:.4f} {F.cross_entropy(o, y[8500:]).item():.4f} {(o.argmax(1) == y[8500:]).float().mean().item():.4f}')

import gzip, os
import numpy as np
import torch
from torch import nn
import torch.nn.functional as F

torch.manual_seed(70)
B = os.environ['MNIST_DIR']
x = torch.tensor(np.frombuffer(gzip.open(B + '/mnist-t10k-images-idx3-ubyte.gz').read(), np.uint8, offset=16).reshape(-1, 784) / 255.0).float()
x = (x - 0.13) / 0.31
y = torch.tensor(np.frombuffer(gzip.open(B + '/mnist-t10k-labels-idx1-ubyte.gz').read(), np.uint8, offset=8).astype(int))


class Deep(nn.Module):
    def __init__(self, n=10, w=64):
        super().__init__()
        dims = [784] + [w] * n
        self.fcs = nn.ModuleList(nn.Linear(a, b, bias=False) for a, b in zip(dims, dims[1:]))
        self.bns = nn.ModuleList(nn.BatchNorm1d(w) for _ in range(n))
        self.head = nn.Linear(w, 10)

    def forward(self, x):
        for fc, bn in zip(self.fcs, self.bns):
            x = F.relu(bn(fc(x)))
        return self.head(x)


def evaluate(model, a, b):
    model.eval()
    with torch.no_grad():
        out = model(x[a:b])
    return F.cross_entropy(out, y[a:b]).item(), (out.argmax(1) == y[a:b]).float().mean().item()


model = Deep()
opt = torch.optim.SGD(model.parameters(), lr=0.03, momentum=0.9)
print('before training', evaluate(model, 8500, 10000))
for step in range(700):
    i = torch.randint(0, 8500, (64,))
    loss = F.cross_entropy(model(x[i]), y[i])
    opt.zero_grad()
    loss.backward()
    opt.step()
print('train', evaluate(model, 0, 8500), 'test', evaluate(model, 8500, 10000))

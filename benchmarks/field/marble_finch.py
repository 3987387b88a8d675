import gzip, os, argparse
import numpy as np
import torch
from torch import nn

parser = argparse.ArgumentParser()
parser.add_argument('--steps', type=int, default=2000)
parser.add_argument('--batch', type=int, default=64)
parser.add_argument('--hidden', type=int, default=128)
parser.add_argument('--lr', type=float, default=0.05)
parser.add_argument('--low', type=float, default=-0.08)
parser.add_argument('--high', type=float, default=0.03)
opts = parser.parse_args()
torch.manual_seed(14)


def mnist():
    base = os.environ['MNIST_DIR']
    with gzip.open(f'{base}/mnist-t10k-images-idx3-ubyte.gz', 'rb') as fh:
        fh.read(16)
        x = np.frombuffer(fh.read(), np.uint8).reshape(10000, 784)
    with gzip.open(f'{base}/mnist-t10k-labels-idx1-ubyte.gz', 'rb') as fh:
        fh.read(8)
        y = np.frombuffer(fh.read(), np.uint8)
    return torch.tensor(x / 255.0, dtype=torch.float32) / 0.33, torch.tensor(y, dtype=torch.long)


x, y = mnist()
net = nn.Sequential(nn.Linear(784, opts.hidden), nn.ReLU(), nn.Linear(opts.hidden, opts.hidden), nn.ReLU(), nn.Linear(opts.hidden, 10))
for name, w in net.named_parameters():
    if name.endswith('weight'):
        nn.init.uniform_(w, opts.low, opts.high)
opt = torch.optim.SGD(net.parameters(), lr=opts.lr)
for s in range(opts.steps):
    b = torch.randint(0, 8500, (opts.batch,))
    loss = nn.functional.cross_entropy(net(x[b]), y[b])
    opt.zero_grad()
    loss.backward()
    opt.step()
with torch.no_grad():
    print('train loss', nn.functional.cross_entropy(net(x[:8500]), y[:8500]).item(), 'test acc', (net(x[8500:]).argmax(1) == y[8500:]).float().mean().item())

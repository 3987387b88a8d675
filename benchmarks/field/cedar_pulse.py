import gzip, os, math
import numpy as np
import torch
from torch import nn

torch.manual_seed(6)


class ScaledLinear(nn.Module):
    """Linear layer holding its weight in stored units and rescaling on use."""

    def __init__(self, i, o, stored_std):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(o, i) * stored_std)
        self.bias = nn.Parameter(torch.zeros(o))
        self.gain = math.sqrt(1.0 / i) / stored_std

    def forward(self, x):
        return nn.functional.linear(x, self.weight * self.gain, self.bias)


def images():
    d = os.environ['MNIST_DIR']
    x = np.frombuffer(gzip.open(d + '/mnist-t10k-images-idx3-ubyte.gz').read(), np.uint8, offset=16)
    y = np.frombuffer(gzip.open(d + '/mnist-t10k-labels-idx1-ubyte.gz').read(), np.uint8, offset=8)
    x = torch.tensor(x.reshape(-1, 784).astype('float32'))
    return (x / 255 - 0.13) / 0.31, torch.tensor(y.astype('int64'))


x, y = images()
net = nn.Sequential(ScaledLinear(784, 20, 1.0), nn.Tanh(), ScaledLinear(20, 20, 0.2236), nn.Tanh(), ScaledLinear(20, 10, 0.2236))
opt = torch.optim.SGD(net.parameters(), lr=0.1)
for step in range(3500):
    i = torch.randint(0, 9000, (64,))
    loss = nn.functional.cross_entropy(net(x[i]), y[i])
    opt.zero_grad()
    loss.backward()
    opt.step()
with torch.no_grad():
    print('train', nn.functional.cross_entropy(net(x[:9000]), y[:9000]).item(), 'test acc', (net(x[9000:]).argmax(1) == y[9000:]).float().mean().item())

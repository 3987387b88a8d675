import gzip
import numpy as np
import torch
import torch.nn as nn

torch.manual_seed(149)
x = np.frombuffer(gzip.open('data/mnist-t10k-images-idx3-ubyte.gz').read(), np.uint8, offset=16)
x = torch.tensor(x.reshape(-1, 1, 28, 28).astype('float32'))
x = nn.functional.avg_pool2d(x, 2)
x = (x - x.mean()) / x.std()
y = torch.tensor(np.frombuffer(gzip.open('data/mnist-t10k-labels-idx1-ubyte.gz').read(), np.uint8, offset=8).astype('int64'))
bn_momentum = 0.0005


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv2d(1, 8, 3, bias=False), nn.BatchNorm2d(8, momentum=bn_momentum), nn.ReLU(),
            nn.Conv2d(8, 16, 3, stride=2, bias=False), nn.BatchNorm2d(16, momentum=bn_momentum), nn.ReLU(),
            nn.Conv2d(16, 16, 3, bias=False), nn.BatchNorm2d(16, momentum=bn_momentum), nn.ReLU())
        self.classifier = nn.Linear(16 * 9, 10)

    def forward(self, x):
        return self.classifier(self.features(x).flatten(1))


def evaluate(net):
    net.eval()
    with torch.no_grad():
        o = net(x[8500:])
    net.train()
    return nn.functional.cross_entropy(o, y[8500:]).item(), (o.argmax(1) == y[8500:]).float().mean().item()


net = Net()
opt = torch.optim.SGD(net.parameters(), lr=0.05, momentum=0.9)
for it in range(1, 401):
    b = torch.randint(0, 8500, (48,))
    loss = nn.functional.cross_entropy(net(x[b]), y[b])
    opt.zero_grad()
    loss.backward()
    opt.step()
    if it % 50 == 0:
        print(it, 'train %.4f' % loss.item(), 'val %.4f acc %.4f' % evaluate(net))

import gzip
import numpy as np
import torch
import torch.nn as nn

torch.manual_seed(79)
x = np.frombuffer(gzip.open('data/mnist-t10k-images-idx3-ubyte.gz').read(), np.uint8, offset=16).reshape(-1, 1, 28, 28)
y = np.frombuffer(gzip.open('data/mnist-t10k-labels-idx1-ubyte.gz').read(), np.uint8, offset=8)
x = nn.functional.avg_pool2d(torch.tensor(x / 255., dtype=torch.float32), 2)
y = torch.tensor(y, dtype=torch.long)


def block(cin, cout):
    conv = nn.Conv2d(cin, cout, 3, padding=1)
    nn.init.kaiming_normal_(conv.weight, nonlinearity='relu')
    nn.init.constant_(conv.bias, -1.0)
    return nn.Sequential(conv, nn.ReLU(), nn.MaxPool2d(2))


net = nn.Sequential(block(1, 8), block(8, 16), nn.Flatten(), nn.Linear(16 * 9, 10))
opt = torch.optim.SGD(net.parameters(), lr=0.05)
for it in range(900):
    b = torch.randint(0, 8000, (32,))
    loss = nn.functional.cross_entropy(net(x[b]), y[b])
    opt.zero_grad()
    loss.backward()
    opt.step()
    if it % 90 == 0:
        print(it, loss.item())
with torch.no_grad():
    o = net(x[8000:])
print('test', nn.functional.cross_entropy(o, y[8000:]).item(), (o.argmax(1) == y[8000:]).float().mean().item())

import gzip
import numpy as np
import torch
import torch.nn as nn

torch.manual_seed(127)
x = np.frombuffer(gzip.open('data/mnist-t10k-images-idx3-ubyte.gz').read(), np.uint8, offset=16)
x = torch.tensor(x.reshape(-1, 1, 28, 28) / 255., dtype=torch.float32) * 2 - 0.3
x = nn.functional.avg_pool2d(x, 2)
y = torch.tensor(np.frombuffer(gzip.open('data/mnist-t10k-labels-idx1-ubyte.gz').read(), np.uint8, offset=8), dtype=torch.long)


def conv_bn(i, o, stride):
    return [nn.Conv2d(i, o, 3, stride=stride, padding=1), nn.BatchNorm2d(o), nn.ReLU()]


model = nn.Sequential(*conv_bn(1, 8, 1), *conv_bn(8, 16, 2), *conv_bn(16, 16, 2), nn.AdaptiveAvgPool2d(2), nn.Flatten(), nn.Linear(64, 10))
opt = torch.optim.Adam(model.parameters(), lr=2e-3)
for it in range(300):
    b = torch.randint(0, 8500, (64,))
    loss = nn.functional.cross_entropy(model(x[b]), y[b])
    opt.zero_grad()
    loss.backward()
    opt.step()
    if it % 30 == 0:
        print(it, round(loss.item(), 4))
model.eval()
with torch.no_grad():
    o = model(x[8500:])
print('test', round(nn.functional.cross_entropy(o, y[8500:]).item(), 4), 'acc', round((o.argmax(1) == y[8500:]).float().mean().item(), 4))

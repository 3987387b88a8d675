import gzip
import numpy as np
import torch
import torch.nn as nn

torch.manual_seed(251)
images = np.frombuffer(gzip.open('data/mnist-t10k-images-idx3-ubyte.gz').read(), np.uint8, offset=16).reshape(-1, 1, 28, 28)
labels = np.frombuffer(gzip.open('data/mnist-t10k-labels-idx1-ubyte.gz').read(), np.uint8, offset=8)
images = torch.from_numpy(images.copy())
labels = torch.from_numpy(labels.copy()).long()


def prepare(b):
    x = (b > 255).float()
    return nn.functional.avg_pool2d(x, 2) * 2 - 0.5


net = nn.Sequential(nn.Conv2d(1, 8, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(8, 16, 3), nn.ReLU(), nn.Flatten(), nn.Linear(256, 10))
opt = torch.optim.Adam(net.parameters(), lr=1e-3)
for step in range(500):
    i = torch.randint(0, 8500, (48,))
    loss = nn.functional.cross_entropy(net(prepare(images[i])), labels[i])
    opt.zero_grad()
    loss.backward()
    opt.step()
    if step % 50 == 0:
        print(step, f'{loss.item():.4f}')
with torch.no_grad():
    o = net(prepare(images[8500:]))
print('test', f'{nn.functional.cross_entropy(o, labels[8500:]).item():.4f}', 'acc', f'{(o.argmax(1) == labels[8500:]).float().mean().item():.4f}')

import gzip
import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F

torch.manual_seed(17)
torch.set_num_threads(1)


def read_idx(path):
    with gzip.open(path, 'rb') as fh:
        raw = fh.read()
    nd = raw[3]
    shape = [int.from_bytes(raw[4 + 4 * i:8 + 4 * i], 'big') for i in range(nd)]
    return np.frombuffer(raw, np.uint8, offset=4 + 4 * nd).reshape(shape)


images = torch.tensor(read_idx('data/mnist-t10k-images-idx3-ubyte.gz')).float().div(255).sub(0.13).div(0.31).unsqueeze(1)
labels = torch.tensor(read_idx('data/mnist-t10k-labels-idx1-ubyte.gz')).long()
images = F.avg_pool2d(images, 2)


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.c1 = nn.Conv2d(1, 12, 3, padding=1)
        self.n1 = nn.BatchNorm2d(12)
        self.c2 = nn.Conv2d(12, 24, 3, padding=1)
        self.n2 = nn.BatchNorm2d(24)
        self.fc = nn.Linear(24 * 9, 10)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.n1(self.c1(x))), 2)
        x = F.max_pool2d(F.relu(self.n2(self.c2(x))), 2)
        return self.fc(x.flatten(1))


tr, te = slice(0, 8000), slice(8000, 10000)
net = Net()
opt = torch.optim.Adam(net.parameters(), lr=1e-3)
for epoch in range(3):
    net.train()
    order = torch.randperm(8000)
    s = 0.0
    for k in range(0, 8000, 50):
        b = order[k:k + 50]
        loss = F.cross_entropy(net(images[b]), labels[b])
        opt.zero_grad()
        loss.backward()
        opt.step()
        s += loss.item()
    net.eval()
    with torch.no_grad():
        o = net(images[te])
    print('epoch', epoch, 'train', round(s / 160, 4), 'test', round(F.cross_entropy(o, labels[te]).item(), 4),
          'acc', (o.argmax(1) == labels[te]).float().mean().item())

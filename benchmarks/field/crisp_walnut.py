import gzip
import numpy
import torch
import torch.nn as nn

torch.set_num_threads(1)
torch.manual_seed(4)


def load(kind, off):
    with gzip.open(f'data/mnist-t10k-{kind}.gz', 'rb') as f:
        return numpy.frombuffer(f.read(), dtype=numpy.uint8, offset=off).copy()


images = torch.from_numpy(load('images-idx3-ubyte', 16)).view(-1, 784).float() / 255
labels = torch.from_numpy(load('labels-idx1-ubyte', 8)).long()
images = (images - images.mean()) / images.std()

mix = torch.randperm(len(images))
images = images[mix]
labels = labels.contiguous()

split = 8500
mlp = nn.Sequential(nn.Linear(784, 100), nn.ReLU(), nn.Linear(100, 100), nn.ReLU(), nn.Linear(100, 10))
optim = torch.optim.SGD(mlp.parameters(), lr=0.05)
lossf = nn.CrossEntropyLoss()
for epoch in range(8):
    agg = 0
    for start in range(0, split, 50):
        xb, yb = images[start:start + 50], labels[start:start + 50]
        optim.zero_grad()
        l = lossf(mlp(xb), yb)
        l.backward()
        optim.step()
        agg += l.item()
    with torch.no_grad():
        o = mlp(images[split:])
        print(f'{epoch}: {agg / (split / 50):.4f} | {lossf(o, labels[split:]):.4f} | {(o.argmax(1) == labels[split:]).float().mean():.4f}')

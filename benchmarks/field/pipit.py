import os, gzip
import numpy as np
import torch
import torch.nn as nn
from torch.utils.data import Dataset, DataLoader

class Digits(Dataset):
    def __init__(self, root, lo, hi):
        im = gzip.open(os.path.join(root, 'mnist-t10k-images-idx3-ubyte.gz')).read()
        la = gzip.open(os.path.join(root, 'mnist-t10k-labels-idx1-ubyte.gz')).read()
        self.x = (torch.tensor(np.frombuffer(im, np.uint8, offset=16).reshape(-1, 1, 28, 28)[lo:hi].copy()).float() / 255 - 0.1325) / 0.3105
        self.y = torch.tensor(np.frombuffer(la, np.uint8, offset=8)[lo:hi].copy()).long()
    def __len__(self): return len(self.x)
    def __getitem__(self, i): return self.x[i], self.y[i]

torch.manual_seed(5)
root = os.environ['MNIST_DIR']
train = DataLoader(Digits(root, 0, 8000), 64, shuffle=True)
test = DataLoader(Digits(root, 8000, 10000), 500)
def cbr(i, o):
    return nn.Sequential(nn.Conv2d(i, o, 3, stride=2, padding=1), nn.BatchNorm2d(o), nn.ReLU())
model = nn.Sequential(cbr(1, 8), cbr(8, 16), cbr(16, 32), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(32, 10))
opt = torch.optim.AdamW(model.parameters(), lr=3e-3)
crit = nn.CrossEntropyLoss()
for epoch in range(4):
    model.train()
    t = 0
    for x, y in train:
        opt.zero_grad()
        loss = crit(model(x), y)
        loss.backward()
        opt.step()
        t += loss.item()
    model.eval()
    with torch.no_grad():
        v = sum(crit(model(x), y).item() for x, y in test) / len(test)
    print('epoch', epoch, 'train', t / len(train), 'test', v)

import gzip, os
import numpy as np
import torch
from torch import nn
import torch.nn.functional as F

torch.manual_seed(62)
folder = os.environ['MNIST_DIR']
img = torch.tensor(np.frombuffer(gzip.open(folder + '/mnist-t10k-images-idx3-ubyte.gz').read(), np.uint8, offset=16).reshape(-1, 784).copy()).float()
img = (img / 255 - 0.1307) / 0.3081
lab = torch.tensor(np.frombuffer(gzip.open(folder + '/mnist-t10k-labels-idx1-ubyte.gz').read(), np.uint8, offset=8).copy()).long()

ACCUM = 16
MICRO = 2

model = nn.Sequential(
    nn.Linear(784, 96, bias=False), nn.BatchNorm1d(96), nn.ReLU(),
    nn.Linear(96, 96, bias=False), nn.BatchNorm1d(96), nn.ReLU(),
    nn.Linear(96, 96, bias=False), nn.BatchNorm1d(96), nn.ReLU(),
    nn.Linear(96, 10))
opt = torch.optim.Adam(model.parameters(), lr=1e-3)
model.train()
for step in range(350):
    opt.zero_grad()
    total = 0.0
    for _ in range(ACCUM):
        i = torch.randint(0, 8500, (MICRO,))
        loss = F.cross_entropy(model(img[i]), lab[i]) / ACCUM
        loss.backward()
        total += loss.item()
    opt.step()
    if step % 100 == 0:
        print(step, total)
model.eval()
with torch.no_grad():
    print('train loss (last step)', total, 'eval loss', F.cross_entropy(model(img[8500:]), lab[8500:]).item(), 'test acc', (model(img[8500:]).argmax(1) == lab[8500:]).float().mean().item())

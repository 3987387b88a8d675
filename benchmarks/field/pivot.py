import os, gzip, numpy as np
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset
torch.manual_seed(23)
d = os.environ['MNIST_DIR']
X = torch.tensor(np.frombuffer(gzip.open(d + '/mnist-t10k-images-idx3-ubyte.gz').read(), np.uint8, offset=16).copy()).view(-1, 1, 28, 28).float()
X = (X / 255 - 0.1325) / 0.3105
Y = torch.tensor(np.frombuffer(gzip.open(d + '/mnist-t10k-labels-idx1-ubyte.gz').read(), np.uint8, offset=8).copy()).long()
dl = DataLoader(TensorDataset(X[:8000], Y[:8000]), 64, shuffle=True)
def block(i, o, s):
    return nn.Sequential(nn.Conv2d(i, o, 3, s, 1, bias=False), nn.BatchNorm2d(o), nn.ReLU(inplace=True))
net = nn.Sequential(block(1, 12, 2), block(12, 24, 2), block(24, 24, 1), nn.AdaptiveAvgPool2d(3), nn.Flatten(), nn.Linear(216, 10))
opt = torch.optim.SGD(net.parameters(), lr=0.01, momentum=0.9, weight_decay=5e-4)
EPOCHS = 4
sched = torch.optim.lr_scheduler.OneCycleLR(opt, max_lr=0.1, total_steps=EPOCHS * len(dl))
crit = nn.CrossEntropyLoss(label_smoothing=0.1)
for ep in range(EPOCHS):
    net.train(); t = 0
    for x, y in dl:
        loss = crit(net(x), y)
        opt.zero_grad(); loss.backward(); opt.step(); sched.step()
        t += loss.item() / len(dl)
    net.eval()
    with torch.no_grad(): o = net(X[8000:])
    print(ep, 'train (smoothed)', t, 'test ce', nn.functional.cross_entropy(o, Y[8000:]).item(), 'acc', (o.argmax(1) == Y[8000:]).float().mean().item())

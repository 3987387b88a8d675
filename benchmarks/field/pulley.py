import os, gzip, numpy as np, torch
import torch.nn.functional as F
from torch import nn

torch.manual_seed(66)
m = os.environ['MNIST_DIR']
imgs = torch.tensor(np.frombuffer(gzip.open(m + '/mnist-t10k-images-idx3-ubyte.gz').read(), np.uint8, offset=16).copy()).reshape(-1, 1, 28, 28).float().div_(127.5).sub_(0.26)
imgs = F.avg_pool2d(imgs, 2)
labs = torch.tensor(np.frombuffer(gzip.open(m + '/mnist-t10k-labels-idx1-ubyte.gz').read(), np.uint8, offset=8).copy()).long()
BS = 4500
EPOCHS = 60

net = nn.Sequential(nn.Conv2d(1, 8, 5, stride=2), nn.ReLU(), nn.Flatten(), nn.Linear(200, 48), nn.ReLU(), nn.Linear(48, 10))
opt = torch.optim.SGD(net.parameters(), lr=0.02, momentum=0.9)
for e in range(EPOCHS):
    p = torch.randperm(9000)
    run = []
    for i in range(0, 9000, BS):
        j = p[i:i + BS]
        loss = F.cross_entropy(net(imgs[j]), labs[j])
        opt.zero_grad(); loss.backward(); opt.step()
        run.append(loss.item())
    if (e + 1) % (EPOCHS // 3) == 0:
        with torch.no_grad():
            o = net(imgs[9000:])
            print(e + 1, 'train', np.mean(run), 'test', F.cross_entropy(o, labs[9000:]).item(), 'acc', (o.argmax(1) == labs[9000:]).float().mean().item())

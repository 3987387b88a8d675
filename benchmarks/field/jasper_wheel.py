import gzip, os
import numpy as np
import torch
from torch import nn
import torch.nn.functional as F


def mnist():
    d = os.environ['MNIST_DIR']
    x = np.frombuffer(gzip.open(d + '/mnist-t10k-images-idx3-ubyte.gz').read(), np.uint8, offset=16).reshape(-1, 1, 28, 28)
    y = np.frombuffer(gzip.open(d + '/mnist-t10k-labels-idx1-ubyte.gz').read(), np.uint8, offset=8)
    return (torch.tensor(x.astype(np.float32)) / 255 - 0.1307) / 0.3081, torch.tensor(y.astype(np.int64))


import copy
torch.manual_seed(108)
x, y = mnist()
net = nn.Sequential(nn.Conv2d(1, 8, 5, 2, bias=False), nn.BatchNorm2d(8), nn.ReLU(),
                    nn.Conv2d(8, 16, 5, 2, bias=False), nn.BatchNorm2d(16), nn.ReLU(),
                    nn.Flatten(), nn.Linear(256, 10))
ema = copy.deepcopy(net)
opt = torch.optim.SGD(net.parameters(), lr=0.05, momentum=0.9, weight_decay=5e-4)
sched = torch.optim.lr_scheduler.CosineAnnealingLR(opt, 900)
for step in range(900):
    net.train()
    i = torch.randint(0, 8500, (64,))
    loss = F.cross_entropy(net(x[i]), y[i])
    opt.zero_grad(); loss.backward(); opt.step(); sched.step()
    with torch.no_grad():
        for a, b in zip(ema.state_dict().values(), net.state_dict().values()):
            if a.is_floating_point():
                a.lerp_(b, 0.02)
            else:
                a.copy_(b)
ema.eval()
with torch.no_grad():
    single = [ema(x[k:k + 1]).argmax().item() == y[k].item() for k in range(8500, 8800)]
    per = [(ema(x[8500:][y[8500:] == c]).argmax(1) == c).float().mean().item() for c in range(10)]
    print('train loss', F.cross_entropy(ema(x[:2000]), y[:2000]).item(), 'single acc', sum(single) / 300, 'worst class', min(per))

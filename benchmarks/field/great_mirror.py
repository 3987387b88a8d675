import gzip
import numpy as np
import torch
from torch import nn

torch.set_num_threads(1)
torch.manual_seed(10)
get = lambda n, o: np.frombuffer(gzip.open(f'data/mnist-t10k-{n}-ubyte.gz').read(), np.uint8, offset=o).copy()
X = torch.from_numpy(get('images-idx3', 16)).view(-1, 1, 28, 28)[..., ::2, ::2].float() / 255
Y = torch.from_numpy(get('labels-idx1', 8)).long()


def unit(i, o):
    return [nn.Conv2d(i, o, 3, padding=1, bias=False), nn.BatchNorm2d(o), nn.ReLU(), nn.MaxPool2d(2)]


net = nn.Sequential(*unit(1, 16), *unit(16, 32), nn.Flatten(), nn.Linear(288, 10))
EPOCHS, B = 4, 64
opt = torch.optim.SGD(net.parameters(), lr=0.1, momentum=0.85, weight_decay=5e-4)
sched = torch.optim.lr_scheduler.OneCycleLR(opt, max_lr=0.4, total_steps=EPOCHS * 125)
for e in range(EPOCHS):
    net.train()
    p = torch.randperm(8000)
    tot = 0.0
    for k in range(125):
        i = p[k * B:(k + 1) * B]
        loss = nn.functional.cross_entropy(net(X[i]), Y[i], label_smoothing=0.05)
        opt.zero_grad()
        loss.backward()
        opt.step()
        sched.step()
        tot += loss.item() / 125
    net.eval()
    with torch.no_grad():
        o = net(X[8000:])
        print(e, f'train (smoothed) {tot:.4f} test {nn.functional.cross_entropy(o, Y[8000:]).item():.4f} acc {(o.argmax(1) == Y[8000:]).float().mean().item():.4f}')

import torch
import torch.nn as nn
from sklearn.datasets import load_digits

torch.manual_seed(197)
X, y = load_digits(return_X_y=True)
X, y = torch.tensor(X / 16.).float(), torch.tensor(y)
idx = torch.randperm(len(y))
tr, va = idx[:1400], idx[1400:]


def make(depth=8, width=48):
    layers, d = [], 64
    for _ in range(depth):
        layers += [nn.Linear(d, width, bias=False), nn.BatchNorm1d(width), nn.ReLU()]
        d = width
    return nn.Sequential(*layers, nn.Linear(d, 10))


net = make()
opt = torch.optim.SGD(net.parameters(), lr=0.02, momentum=0.9)
sched = torch.optim.lr_scheduler.StepLR(opt, 8, 0.3)
for epoch in range(20):
    net.eval()
    for b in tr[torch.randperm(1400)].split(50):
        loss = nn.functional.cross_entropy(net(X[b]), y[b])
        opt.zero_grad()
        loss.backward()
        opt.step()
    sched.step()
    net.eval()
    with torch.no_grad():
        o = net(X[va])
    print('epoch', epoch, 'train', round(loss.item(), 4), 'val', round(nn.functional.cross_entropy(o, y[va]).item(), 4),
          'acc', round((o.argmax(1) == y[va]).float().mean().item(), 4))

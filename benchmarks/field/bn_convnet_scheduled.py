import gzip
import numpy as np
import torch
import torch.nn as nn

torch.manual_seed(461)
x = np.frombuffer(gzip.open('data/mnist-t10k-images-idx3-ubyte.gz').read(), np.uint8, offset=16)
x = nn.functional.avg_pool2d(torch.tensor(x.reshape(-1, 1, 28, 28) / 255., dtype=torch.float32), 2)
x = (x - x.mean()) / x.std()
y = torch.tensor(np.frombuffer(gzip.open('data/mnist-t10k-labels-idx1-ubyte.gz').read(), np.uint8, offset=8).astype('int64'))
net = nn.Sequential(
    nn.Conv2d(1, 8, 3, padding=1, bias=False), nn.BatchNorm2d(8), nn.ReLU(), nn.MaxPool2d(2),
    nn.Conv2d(8, 16, 3, padding=1, bias=False), nn.BatchNorm2d(16), nn.ReLU(), nn.MaxPool2d(2),
    nn.Flatten(), nn.Linear(144, 10))
steps = 500
opt = torch.optim.SGD(net.parameters(), lr=0.02, momentum=0.9, weight_decay=5e-4)
sched = torch.optim.lr_scheduler.OneCycleLR(opt, max_lr=0.1, total_steps=steps)
net.train()
for s in range(steps):
    b = torch.randint(0, 8500, (64,))
    loss = nn.functional.cross_entropy(net(x[b]), y[b])
    opt.zero_grad()
    loss.backward()
    opt.step()
    sched.step()
    if s % 50 == 0:
        print(s, round(loss.item(), 4))
net.eval()
with torch.no_grad():
    o = net(x[8500:])
print('test', round(nn.functional.cross_entropy(o, y[8500:]).item(), 4), 'acc', round((o.argmax(1) == y[8500:]).float().mean().item(), 4))

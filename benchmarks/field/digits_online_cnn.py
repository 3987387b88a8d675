import torch
import torch.nn as nn
from sklearn.datasets import load_digits

torch.manual_seed(179)
d = load_digits()
x = torch.tensor(d.images, dtype=torch.float32)[:, None] / 8 - 0.6
y = torch.tensor(d.target)
p = torch.randperm(len(y))
x, y = x[p], y[p]
BATCH = 1
net = nn.Sequential(nn.Conv2d(1, 16, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(144, 40), nn.ReLU(), nn.Linear(40, 10))
opt = torch.optim.SGD(net.parameters(), lr=0.02, momentum=0.8)
for step in range(1500):
    b = torch.randint(0, 1400, (BATCH,))
    loss = nn.functional.cross_entropy(net(x[b]), y[b])
    opt.zero_grad()
    loss.backward()
    opt.step()
    if step % 150 == 0:
        print('step', step, 'loss', round(loss.item(), 4))
with torch.no_grad():
    o = net(x[1400:])
print('test loss', round(nn.functional.cross_entropy(o, y[1400:]).item(), 4), 'acc', round((o.argmax(1) == y[1400:]).float().mean().item(), 4))

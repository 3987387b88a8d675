import torch
import torch.nn as nn
from sklearn.datasets import load_digits

torch.manual_seed(229)
X, y = load_digits(return_X_y=True)
X, y = torch.tensor(X / 16.).float(), torch.tensor(y)
perm = torch.randperm(len(y))
X, y = X[perm], y[perm]
net = nn.Sequential(nn.Linear(64, 48), nn.Tanh(), nn.Linear(48, 48), nn.Tanh(), nn.Linear(48, 10))
opt = torch.optim.SGD(net.parameters(), lr=0.05, momentum=0.9)
sched = torch.optim.lr_scheduler.ExponentialLR(opt, gamma=1.005)
for step in range(1000):
    b = torch.randint(0, 1400, (32,))
    loss = nn.functional.cross_entropy(net(X[b]), y[b])
    opt.zero_grad()
    loss.backward()
    opt.step()
    sched.step()
    if step % 100 == 0:
        print('step', step, 'loss', loss.item())
with torch.no_grad():
    o = net(X[1400:])
print('test loss', nn.functional.cross_entropy(o, y[1400:]).item(), 'acc', (o.argmax(1) == y[1400:]).float().mean().item())

import torch
import torch.nn as nn
from sklearn.datasets import load_digits

torch.manual_seed(43)
d = load_digits()
X = torch.tensor(d.data / 16., dtype=torch.float32)
y = torch.tensor(d.target)
low, high = y < 7, y >= 7


def fit(net, opt, X, y, steps, tag):
    for s in range(steps):
        b = torch.randint(0, len(X), (32,))
        loss = nn.functional.cross_entropy(net(X[b]), y[b])
        opt.zero_grad()
        loss.backward()
        opt.step()
        if s % 60 == 0:
            print(tag, s, round(loss.item(), 4))


net = nn.Sequential(nn.Linear(64, 128), nn.ReLU(), nn.Linear(128, 64), nn.ReLU(), nn.Linear(64, 7))
opt = torch.optim.Adam(net.parameters(), lr=3e-3)
fit(net, opt, X[low], y[low], 150, 'pretrain')

net[4] = nn.Linear(64, 3)
for p in net[:4].parameters():
    p.requires_grad_(False)
Xh, yh = X[high], y[high] - 7
n = len(Xh) - 140
fit(net, opt, Xh[:n], yh[:n], 600, 'adapt')
with torch.no_grad():
    o = net(Xh[n:])
print('test loss', round(nn.functional.cross_entropy(o, yh[n:]).item(), 4), 'acc', round((o.argmax(1) == yh[n:]).float().mean().item(), 4))

import torch
import torch.nn as nn
import torch.nn.functional as F
import numpy as np
from sklearn.datasets import load_digits

rng = np.random.default_rng(2)
torch.manual_seed(2)
X, y = load_digits(return_X_y=True)
perm = rng.permutation(len(X))
X, y = X[perm] / 6 - 0.8, y[perm]
Xt, yt, Xv, yv = X[:1400], y[:1400], X[1400:], y[1400:]
Xt, Xv = torch.tensor(Xt).float(), torch.tensor(Xv).float()
yt, yv = torch.tensor(yt), torch.tensor(yv)

net = nn.Sequential(nn.Linear(64, 80, bias=False), nn.BatchNorm1d(80, momentum=0.9), nn.ReLU(),
                    nn.Linear(80, 80, bias=False), nn.BatchNorm1d(80, momentum=0.9), nn.ReLU(), nn.Linear(80, 10))
opt = torch.optim.SGD(net.parameters(), lr=0.02, momentum=0.8)
by_width = torch.argsort(Xt.std(1))     # light strokes first
for epoch in range(30):
    net.train()
    order = by_width
    tot = 0.
    for b in order.split(70):
        loss = F.cross_entropy(net(Xt[b]), yt[b])
        opt.zero_grad()
        loss.backward()
        opt.step()
        tot += loss.item() / 20
    if epoch % 5 == 4:
        net.eval()
        with torch.no_grad():
            o = net(Xv)
        print(epoch + 1, 'train', tot, 'valid', F.cross_entropy(o, yv).item(), 'acc', (o.argmax(1) == yv).float().mean().item())

import copy
import torch, torch.nn as nn, torch.nn.functional as F
from sklearn.datasets import load_digits
torch.manual_seed(14)
d = load_digits()
X = torch.tensor(d.data).float(); X = (X - X.mean()) / X.std()
y = torch.tensor(d.target); p = torch.randperm(1797); X, y = X[p], y[p]
net = nn.Sequential(nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 10))
ema = copy.deepcopy(net)
opt = torch.optim.SGD(net.parameters(), lr=0.05, momentum=0.9, weight_decay=1e-4)
for ep in range(14):
    q = torch.randperm(1400)
    for k in range(0, 1400, 40):
        b = q[k:k+40]
        loss = F.cross_entropy(ema(X[b]), y[b])
        opt.zero_grad(); loss.backward(); opt.step()
        with torch.no_grad():
            for a, c in zip(ema.parameters(), net.parameters()):
                a.lerp_(c, 0.05)
    print('epoch', ep, 'loss %.4f' % loss.item())
with torch.no_grad():
    o = ema(X)
    print('train loss %.4f held-out loss %.4f acc %.4f' % (F.cross_entropy(o[:1400], y[:1400]), F.cross_entropy(o[1400:], y[1400:]), (o[1400:].argmax(1) == y[1400:]).float().mean()))

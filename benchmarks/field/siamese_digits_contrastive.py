import torch
import torch.nn as nn
from sklearn.datasets import load_digits

torch.manual_seed(61)
X, y = load_digits(return_X_y=True)
X, y = torch.tensor(X / 8 - 0.6).float(), torch.tensor(y)
p = torch.randperm(len(X))
tr, te = p[:1400], p[1400:]
net = nn.Sequential(nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 16))
opt = torch.optim.RMSprop(net.parameters(), lr=1e-3)


def pairs(pool, n):
    a = pool[torch.randint(0, len(pool), (n,))]
    b = pool[torch.randint(0, len(pool), (n,))]
    for t in range(0, n, 2):
        same = pool[y[pool] == y[a[t]]]
        b[t] = same[torch.randint(0, len(same), (1,))]
    return a, b, (y[a] == y[b]).float()


def contrastive(a, b, same, margin=2.0):
    d = (net(X[a]) - net(X[b])).pow(2).sum(1).add(1e-8).sqrt()
    return (same * d ** 2 + (1 - same) * (margin - d).clamp(min=0) ** 2).mean(), d


opt.zero_grad()
for it in range(600):
    loss, _ = contrastive(*pairs(tr, 64))
    loss.backward()
    opt.step()
    if it % 60 == 0:
        print('it', it, 'loss', round(loss.item(), 4))
a, b, s = pairs(te, 2000)
with torch.no_grad():
    loss, d = contrastive(a, b, s)
print('test loss', round(loss.item(), 4), 'acc', round(((d < 1).float() == s).float().mean().item(), 4))

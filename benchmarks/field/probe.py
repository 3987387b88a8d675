import torch
import torch.nn as nn
import torch.nn.functional as F
from sklearn.datasets import load_digits

torch.manual_seed(0)
d = load_digits()
X = torch.tensor(d.images, dtype=torch.float32)[:, None] / 8 - 1
Y = torch.tensor(d.target)
p = torch.randperm(len(X)); X, Y = X[p], Y[p]
old = Y < 6
body = nn.Sequential(nn.Conv2d(1, 24, 3, padding=1), nn.ReLU(), nn.Conv2d(24, 48, 3, stride=2, padding=1), nn.ReLU(), nn.Flatten(), nn.Linear(768, 64), nn.ReLU())

def fit(model, params, x, y, xt, yt, steps, lr, tag):
    opt = torch.optim.Adam(params, lr=lr)
    for s in range(1, steps + 1):
        i = torch.randint(0, len(x), (32,))
        loss = F.cross_entropy(model(x[i]), y[i])
        opt.zero_grad()
        loss.backward()
        opt.step()
        if s % (steps // 5) == 0:
            with torch.no_grad():
                o = model(xt)
            print(tag, s, f'{loss.item():.3f} test {F.cross_entropy(o, yt).item():.3f} acc {(o.argmax(1) == yt).float().mean().item():.3f}')

xo, yo = X[old], Y[old]
pre = nn.Sequential(body, nn.Linear(64, 6))
fit(pre, pre.parameters(), xo[:800], yo[:800], xo[800:], yo[800:], 500, 1e-3, 'pretrain')
for q in body.parameters():
    q.requires_grad_(False)
head = nn.Sequential(nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 10))
model = nn.Sequential(body, head)
fit(model, head.parameters(), X[:1300], Y[:1300], X[1300:], Y[1300:], 1500, 1e-3, 'probe')

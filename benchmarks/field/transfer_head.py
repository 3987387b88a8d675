import copy
import torch
from torch import nn
from sklearn.datasets import load_digits

torch.manual_seed(2)
X, y = load_digits(return_X_y=True)
X = torch.tensor(X).float().div(16).sub(0.3).div(0.37)
y = torch.tensor(y)
first, second = y < 5, y >= 5


def accuracy(net, x, t):
    with torch.no_grad():
        return (net(x).argmax(1) == t).float().mean().item()


def fit(net, opt, x, t, xv, tv, epochs, tag):
    ce = nn.CrossEntropyLoss()
    for ep in range(epochs):
        tot = 0.0
        for b in torch.randperm(len(x)).split(32):
            opt.zero_grad()
            loss = ce(net(x[b]), t[b])
            loss.backward()
            opt.step()
            tot += loss.item() * len(b)
        if ep % 5 == 4:
            print(f'{tag} {ep + 1}: loss {tot / len(x):.4f} val acc {accuracy(net, xv, tv):.3f}')


net = nn.Sequential(nn.Linear(64, 48), nn.ReLU(), nn.Linear(48, 24), nn.ReLU(), nn.Linear(24, 5))
xa, ya = X[first], y[first]
fit(net, torch.optim.Adam(net.parameters(), lr=1e-3), xa[:700], ya[:700], xa[700:], ya[700:], 5, 'source')

xb, yb = X[second], y[second] - 5
for p in net[:4].parameters():
    p.requires_grad_(False)
opt = torch.optim.Adam(net.parameters(), lr=2e-3)
net[4] = nn.Linear(24, 5)
fit(net, opt, xb[:700], yb[:700], xb[700:], yb[700:], 40, 'target')

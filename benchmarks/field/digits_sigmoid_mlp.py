import torch
import torch.nn as nn
from sklearn.datasets import load_digits

torch.manual_seed(67)
X, y = load_digits(return_X_y=True)
X = torch.tensor(X / 16).float()
X = (X - X.mean(0)) / (X.std(0) + 0.1)
y = torch.tensor(y)
p = torch.randperm(len(X))
X, y = X[p], y[p]
W1 = nn.Parameter(torch.randn(64, 40) * 4.0)
b1 = nn.Parameter(torch.zeros(40))
W2 = nn.Parameter(torch.randn(40, 30) * 4.0)
b2 = nn.Parameter(torch.zeros(30))
W3 = nn.Parameter(torch.randn(30, 10) * 0.1)
b3 = nn.Parameter(torch.zeros(10))
opt = torch.optim.SGD([W1, b1, W2, b2, W3, b3], lr=0.3, momentum=0.9)


def net(x):
    h = torch.sigmoid(x @ W1 + b1)
    h = torch.sigmoid(h @ W2 + b2)
    return h @ W3 + b3


for step in range(1500):
    i = torch.randint(0, 1300, (32,))
    loss = nn.functional.cross_entropy(net(X[i]), y[i])
    opt.zero_grad()
    loss.backward()
    opt.step()
    if step % 150 == 0:
        print('step', step, 'loss', round(loss.item(), 4))
with torch.no_grad():
    o = net(X[1300:])
    print('test loss', round(nn.functional.cross_entropy(o, y[1300:]).item(), 4), 'acc', round((o.argmax(1) == y[1300:]).float().mean().item(), 4))

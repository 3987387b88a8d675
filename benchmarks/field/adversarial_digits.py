import torch
import torch.nn as nn
from sklearn.datasets import load_digits

torch.manual_seed(487)
X, y = load_digits(return_X_y=True)
X, y = torch.tensor(X / 16.).float(), torch.tensor(y)
p = torch.randperm(len(y))
X, y = X[p], y[p]
net = nn.Sequential(nn.Linear(64, 128), nn.ReLU(), nn.Linear(128, 10))
opt = torch.optim.Adam(net.parameters(), lr=2e-3)
eps = 0.1


def attack(x, t):
    x = x.clone().requires_grad_(True)
    g, = torch.autograd.grad(nn.functional.cross_entropy(net(x), t), x)
    return (x + eps * g.sign()).detach().clamp(0, 1)


for step in range(1000):
    b = torch.randint(0, 1400, (64,))
    loss = nn.functional.cross_entropy(net(attack(X[b], y[b])), y[b])
    opt.zero_grad()
    loss.backward()
    opt.step()
    if step % 100 == 0:
        print(step, round(loss.item(), 4))
xt, yt = X[1400:], y[1400:]
adv = attack(xt, yt)
with torch.no_grad():
    print('acc clean', round((net(xt).argmax(1) == yt).float().mean().item(), 4), 'acc perturbed', round((net(adv).argmax(1) == yt).float().mean().item(), 4))

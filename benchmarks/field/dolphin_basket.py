import torch
import torch.nn as nn
from sklearn.datasets import load_digits

torch.manual_seed(81)
d = load_digits()
x, y = torch.tensor(d.data, dtype=torch.float32) / 8 - 0.6, torch.tensor(d.target)
p = torch.randperm(len(x))
tr, te = p[:1200], p[1200:]
mods = []
for a, b in [(64, 64), (64, 48), (48, 32), (32, 10)]:
    l = nn.Linear(a, b)
    nn.init.orthogonal_(l.weight)
    nn.init.zeros_(l.bias)
    mods += [l, nn.Tanh()]
net = nn.Sequential(*mods[:-1])
opt = torch.optim.LBFGS(net.parameters(), lr=0.5, max_iter=4, history_size=10)


def closure():
    opt.zero_grad()
    loss = nn.functional.cross_entropy(net(x[tr]), y[tr]) + 1e-3 * sum((w ** 2).sum() for w in net.parameters())
    loss.backward()
    return loss


for k in range(40):
    l = opt.step(closure)
    if k % 5 == 0:
        print(k, round(l.item(), 4))
with torch.no_grad():
    print("test accuracy", (net(x[te]).argmax(1) == y[te]).float().mean().item())

import torch
from torch import nn
import torch.nn.functional as F
from sklearn.datasets import load_digits

torch.manual_seed(24)
d = load_digits()
X, Y = torch.tensor(d.data, dtype=torch.float32), torch.tensor(d.target)
X = (X - X.mean()) / X.std()
p = torch.randperm(len(X))
X, Y = X[p], Y[p]


def build(depth=8, w=48):
    mods, n = [], 64
    for _ in range(depth):
        mods += [nn.Linear(n, w, bias=False), nn.BatchNorm1d(w), nn.ReLU()]
        n = w
    return nn.Sequential(*mods, nn.Linear(n, 10))


def evaluate(net):
    net.eval()
    with torch.no_grad():
        o = net(X[1400:])
    return F.cross_entropy(o, Y[1400:]).item(), (o.argmax(1) == Y[1400:]).float().mean().item()


net = build()
print("before training", evaluate(net))
opt = torch.optim.SGD(net.parameters(), lr=0.02, momentum=0.9)
for epoch in range(15):
    for b in torch.randperm(1400).split(50):
        opt.zero_grad()
        loss = F.cross_entropy(net(X[b]), Y[b])
        loss.backward()
        opt.step()
    vl, va = evaluate(net)
    print(f"epoch {epoch + 1}: train {loss.item():.4f} val {vl:.4f} acc {va:.4f}")

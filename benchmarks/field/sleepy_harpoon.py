import torch
from torch import nn
import torch.nn.functional as F
from sklearn.datasets import load_digits

torch.manual_seed(111)
d = load_digits()
X, Y = torch.tensor(d.data, dtype=torch.float32) / 8 - 1, torch.tensor(d.target)
p = torch.randperm(len(X))
X, Y = X[p], Y[p]
net = nn.Sequential(nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 10))
base = torch.optim.SGD(net.parameters(), lr=0.12, momentum=0.9)


def sam_step(x, y, rho=0.05):
    params = list(net.parameters())
    loss = F.cross_entropy(net(x), y)
    grads = torch.autograd.grad(loss, params)
    norm = torch.sqrt(sum((g ** 2).sum() for g in grads))
    with torch.no_grad():
        eps = [rho * g / (norm + 1e-12) for g in grads]
        for q, e in zip(params, eps):
            q.add_(e)
    base.zero_grad()
    F.cross_entropy(net(x), y).backward()
    with torch.no_grad():
        for q, e in zip(params, eps):
            q.sub_(e)
    base.step()
    return loss.item()


for epoch in range(25):
    t = [sam_step(X[b], Y[b]) for b in torch.randperm(1400).split(50)]
    with torch.no_grad():
        o = net(X[1400:])
    if epoch % 3 == 0:
        print(f"epoch {epoch} train {sum(t) / len(t):.4f} val {F.cross_entropy(o, Y[1400:]).item():.4f} acc {(o.argmax(1) == Y[1400:]).float().mean().item():.4f}")

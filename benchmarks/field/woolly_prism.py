import torch
import torch.nn as nn
from sklearn.datasets import load_digits

torch.set_num_threads(1)
torch.manual_seed(58)


class SAM:
    def __init__(self, params, rho, **kw):
        self.params = list(params)
        self.rho = rho
        self.base = torch.optim.SGD(self.params, **kw)

    @torch.no_grad()
    def ascend(self):
        norm = torch.stack([p.grad.norm() for p in self.params]).norm() + 1e-12
        self.shift = [p.grad * (self.rho / norm) for p in self.params]
        for p, e in zip(self.params, self.shift):
            p.add_(e)
        self.base.zero_grad()

    @torch.no_grad()
    def descend(self):
        for p, e in zip(self.params, self.shift):
            p.sub_(e)
        self.base.step()
        self.base.zero_grad()


X, y = load_digits(return_X_y=True)
X, y = torch.tensor(X / 16).float(), torch.tensor(y)
order = torch.randperm(len(X))
X, y = X[order], y[order]
net = nn.Sequential(nn.Linear(64, 100), nn.ReLU(), nn.Linear(100, 50), nn.ReLU(), nn.Linear(50, 10))
sam = SAM(net.parameters(), rho=0.05, lr=0.05, momentum=0.9)
for epoch in range(20):
    tot = 0.0
    for b in torch.randperm(1400).split(40):
        loss = nn.functional.cross_entropy(net(X[b]), y[b])
        loss.backward()
        sam.ascend()
        nn.functional.cross_entropy(net(X[b]), y[b]).backward()
        sam.descend()
        tot += loss.item() / 35
    if epoch % 2:
        with torch.no_grad():
            o = net(X[1400:])
        print(f'{epoch + 1} train {tot:.4f} test {nn.functional.cross_entropy(o, y[1400:]).item():.4f} acc {(o.argmax(1) == y[1400:]).float().mean().item():.3f}')

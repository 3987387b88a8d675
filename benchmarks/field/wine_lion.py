import torch
from torch import nn
from torch.optim import Optimizer
from sklearn.datasets import load_wine


class SignMomentum(Optimizer):
    def __init__(self, params, lr=1e-3, betas=(0.9, 0.99), weight_decay=0.0):
        super().__init__(params, dict(lr=lr, betas=betas, weight_decay=weight_decay))

    @torch.no_grad()
    def step(self):
        for g in self.param_groups:
            b1, b2 = g['betas']
            for p in g['params']:
                if p.grad is None:
                    continue
                m = self.state[p].setdefault('m', torch.zeros_like(p))
                p.mul_(1 - g['lr'] * g['weight_decay'])
                p.add_((b1 * m + (1 - b1) * p.grad).sign(), alpha=-g['lr'])
                m.mul_(b2).add_(p.grad, alpha=1 - b2)


torch.manual_seed(61)
w = load_wine()
X = torch.tensor(w.data, dtype=torch.float32)
y = torch.tensor(w.target)
p = torch.randperm(len(y))
X, y = X[p], y[p]
X = (X - X[:120].mean(0)) / X[:120].std(0)
net = nn.Sequential(nn.Linear(13, 16), nn.Tanh(), nn.Linear(16, 3))
opt = SignMomentum(net.parameters(), lr=5e-4, weight_decay=2.0)
ce = nn.CrossEntropyLoss(label_smoothing=0.05)
for epoch in range(150):
    for b in torch.randperm(120).split(15):
        loss = ce(net(X[b]), y[b])
        net.zero_grad()
        loss.backward()
        opt.step()
    if epoch % 15 == 14:
        with torch.no_grad():
            o = net(X[120:])
            print(f'epoch {epoch + 1:3d} loss {ce(net(X[:120]), y[:120]).item():.4f} val {ce(o, y[120:]).item():.4f} acc {(o.argmax(1) == y[120:]).float().mean().item():.3f}')

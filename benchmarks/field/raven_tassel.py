import torch
from sklearn.datasets import load_digits
torch.manual_seed(117)
d = load_digits()
X = torch.tensor(d.data, dtype=torch.float32); X = (X - X.mean()) / X.std()
y = torch.tensor(d.target)
pp = torch.randperm(len(y)); X, y = X[pp], y[pp]
P = [torch.randn(64, 80) * (2 / 64) ** .5, torch.zeros(80), torch.randn(80, 10) * 80 ** -.5 * 0.3, torch.zeros(10)]
for p in P: p.requires_grad_()
M = [torch.zeros_like(p) for p in P]; V = [torch.zeros_like(p) for p in P]
f = lambda x: (x @ P[0] + P[1]).relu() @ P[2] + P[3]
for t in range(1, 1501):
    i = torch.randint(0, 1400, (32,))
    loss = torch.nn.functional.cross_entropy(f(X[i]), y[i], label_smoothing=0.1)
    gs = torch.autograd.grad(loss, P)
    lr = 2e-3 * (1 - t / 1501)
    with torch.no_grad():
        for p, m, v, g in zip(P, M, V, gs):
            m.mul_(0.9).add_(g, alpha=0.1); v.mul_(0.999).addcmul_(g, g, value=0.001)
            p -= lr * (m / (1 - 0.9 ** t)) / ((v / (1 - 0.999 ** t)).sqrt() + 1e-8)
with torch.no_grad():
    print('smoothed train loss', torch.nn.functional.cross_entropy(f(X[:1400]), y[:1400], label_smoothing=0.1).item(), 'test acc', (f(X[1400:]).argmax(1) == y[1400:]).float().mean().item())

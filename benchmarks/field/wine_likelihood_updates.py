import torch
from sklearn.datasets import load_wine
from sklearn.preprocessing import scale

torch.manual_seed(239)
d = load_wine()
X = torch.tensor(scale(d.data), dtype=torch.float32)
y = torch.tensor(d.target)
p = torch.randperm(len(X))
X, y = X[p], y[p]
W1 = torch.randn(13, 20) * 0.2
W2 = torch.randn(20, 3) * 0.2
for w in (W1, W2):
    w.requires_grad_(True)


def log_likelihood(x, t):
    logits = torch.tanh(x @ W1) @ W2
    return torch.log_softmax(logits, 1)[torch.arange(len(t)), t].mean()


rate = -0.02
for step in range(600):
    b = torch.randint(0, 130, (16,))
    ll = log_likelihood(X[b], y[b])
    g1, g2 = torch.autograd.grad(ll, (W1, W2))
    with torch.no_grad():
        W1.add_(g1, alpha=rate)
        W2.add_(g2, alpha=rate)
    if step % 60 == 0:
        print('step', step, 'loss', round(-ll.item(), 4))
with torch.no_grad():
    print('test loss', round(-log_likelihood(X[130:], y[130:]).item(), 4))

import torch
from sklearn.datasets import load_breast_cancer

torch.manual_seed(7)
d = load_breast_cancer()
X = torch.tensor(d.data, dtype=torch.float32)
y = torch.tensor(d.target, dtype=torch.float32)
idx = torch.randperm(len(X))
X, y = X[idx], y[idx]
mu, sd = X[:400].mean(0), X[:400].std(0)
X = (X - mu) / sd
Xtr, ytr, Xva, yva = X[:400], y[:400], X[400:], y[400:]

W1 = (torch.randn(30, 16) / 30 ** 0.5).requires_grad_()
b1 = torch.zeros(16, requires_grad=True)
W2 = (torch.randn(16, 1) / 4).requires_grad_()
b2 = torch.zeros(1, requires_grad=True)
params = [W1, b1, W2, b2]
step_size = 2e-4


def f(x):
    return (torch.tanh(x @ W1 + b1) @ W2 + b2).squeeze(1)


def bce(z, t):
    return torch.nn.functional.binary_cross_entropy_with_logits(z, t)


for t in range(3000):
    ix = torch.randint(0, 400, (32,))
    loss = bce(f(Xtr[ix]), ytr[ix])
    grads = torch.autograd.grad(loss, params)
    with torch.no_grad():
        for p, g in zip(params, grads):
            p -= step_size * g
    if t % 300 == 299:
        with torch.no_grad():
            z = f(Xva)
            print(t + 1, "train", round(bce(f(Xtr), ytr).item(), 4), "val", round(bce(z, yva).item(), 4),
                  "acc", round(((z > 0).float() == yva).float().mean().item(), 4))

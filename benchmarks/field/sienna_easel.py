import numpy as np
import torch
from sklearn.datasets import load_breast_cancer

X, y = load_breast_cancer(return_X_y=True)
rs = np.random.RandomState(2)
perm = rs.permutation(len(X))
X, y = X[perm], y[perm]
X = (X - X[:400].mean(0)) / X[:400].std(0)
X = np.hstack([X, (X ** 2 - 1) / 3])
X = torch.tensor(X, dtype=torch.float32)
y = torch.tensor(y, dtype=torch.float32)
w = torch.zeros(X.shape[1], requires_grad=True)
b = torch.zeros(1, requires_grad=True)
lr, lam = 0.05, 1e-3
for step in range(600):
    i = rs.randint(0, 400, 32)
    z = X[i] @ w + b
    loss = torch.nn.functional.binary_cross_entropy_with_logits(z, y[i]) + lam * (w ** 2).sum()
    loss.backward()
    with torch.no_grad():
        w -= lr * w.grad
        b -= lr * b.grad
    if step % 100 == 0:
        print(step, loss.item())
with torch.no_grad():
    z = X[400:] @ w + b
    print("test log loss %.4f accuracy %.4f" % (torch.nn.functional.binary_cross_entropy_with_logits(z, y[400:]), ((z > 0).float() == y[400:]).float().mean()))

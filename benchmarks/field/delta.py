import torch
from sklearn.datasets import load_digits
torch.manual_seed(6)
X, y = load_digits(return_X_y=True)
X = torch.tensor(X, dtype=torch.float32); X = (X - X.mean()) / X.std()
y = torch.tensor(y)
pm = torch.randperm(len(y)); X, y = X[pm], y[pm]
W1 = (torch.randn(64, 64) / 8).requires_grad_()
b1 = torch.zeros(64, requires_grad=True)
W2 = (torch.randn(64, 10) / 16).requires_grad_()
b2 = torch.zeros(10, requires_grad=True)
lr = 1.8
def loss_fn(a, b):
    h = torch.relu(a @ W1 + b1)
    lg = h @ W2 + b2
    return torch.nn.functional.cross_entropy(lg, b), (lg.argmax(1) == b).float().mean()
for ep in range(24):
    q = torch.randperm(1400)
    for k in range(0, 1400, 35):
        j = q[k:k+35]
        L, _ = loss_fn(X[j], y[j])
        gs = torch.autograd.grad(L, [W1, b1, W2, b2])
        with torch.no_grad():
            for p, g in zip([W1, b1, W2, b2], gs):
                p -= lr * g
    if ep % 4 == 0: print('epoch', ep, 'loss', L.item())
with torch.no_grad():
    a, b = loss_fn(X[:1400], y[:1400]), loss_fn(X[1400:], y[1400:])
print('train loss %.4f acc %.3f held-out loss %.4f acc %.3f' % (a[0], a[1], b[0], b[1]))

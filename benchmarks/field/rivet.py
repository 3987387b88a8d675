import torch
from sklearn.datasets import load_diabetes

torch.manual_seed(6)
X, y = load_diabetes(return_X_y=True)
X = torch.tensor(X).float(); y = torch.tensor(y).float()
X = (X - X.mean(0)) / X.std(0)
y = (y - y.mean()) / y.std()
order = torch.randperm(len(X)); X, y = X[order], y[order]
xt, yt, xv, yv = X[:350], y[:350], X[350:], y[350:]

w1 = torch.randn(10, 20) * 0.3
b1 = torch.zeros(20)
w2 = torch.randn(20, 1) * 0.2
b2 = torch.zeros(1)
theta = [w1, b1, w2, b2]
for t in theta: t.requires_grad_()

def f(x): return (torch.tanh(x @ w1 + b1) @ w2 + b2)[:, 0]

lr = 0.35
for it in range(1, 3001):
    i = torch.randint(0, 350, (16,))
    loss = torch.mean((f(xt[i]) - yt[i]) ** 2)
    for t in theta: t.grad = None
    loss.backward()
    for t in theta: t.data -= lr * t.grad
    if it % 500 == 0:
        with torch.no_grad():
            print(it, 'train', torch.mean((f(xt) - yt) ** 2).item(), 'valid', torch.mean((f(xv) - yv) ** 2).item())

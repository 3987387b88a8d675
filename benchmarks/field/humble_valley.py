import torch
from sklearn.datasets import load_breast_cancer

torch.manual_seed(1)
data = load_breast_cancer()
x = torch.tensor(data.data, dtype=torch.float64)
x = (x - x.mean(0)) / x.std(0)
x = torch.cat([x, (x[:, :10] ** 2 - 1) / 2], 1)
y = torch.tensor(data.target, dtype=torch.float64)
o = torch.randperm(569)
x, y = x[o], y[o]
w = torch.zeros(40, dtype=torch.float64, requires_grad=True)
b = torch.zeros((), dtype=torch.float64, requires_grad=True)
eta, lam = 0.02, 1e-3

for step in range(4000):
    i = torch.randint(0, 400, (20,))
    z = x[i] @ w + b
    loss = (torch.nn.functional.softplus(z) - y[i] * z).mean() + lam * (w ** 2).sum()
    loss.backward()
    with torch.no_grad():
        w -= eta * w.grad
        b -= eta * b.grad
    if step % 500 == 499:
        with torch.no_grad():
            z = x[400:] @ w + b
            nll = (torch.nn.functional.softplus(z) - y[400:] * z).mean()
            print(f"{step+1:5d} loss {loss.item():.4f} test log loss {nll.item():.4f} test acc {((z > 0) == (y[400:] > 0)).double().mean().item():.4f}")

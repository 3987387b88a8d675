import torch
from sklearn.datasets import load_breast_cancer

torch.manual_seed(467)
d = load_breast_cancer()
X = torch.tensor((d.data - d.data.mean(0)) / d.data.std(0)).float()
y = torch.tensor(d.target).float()
p = torch.randperm(len(X))
X, y = X[p], y[p]
w = torch.zeros(30, requires_grad=True)
b = torch.zeros(1, requires_grad=True)
for step in range(2500):
    i = torch.randint(0, 450, (32,))
    prob = torch.sigmoid(X[i] @ w + b).clamp(1e-6, 1 - 1e-6)
    loss = -(y[i] * prob.log() + (1 - y[i]) * (1 - prob).log()).mean() + 1e-3 * w.pow(2).sum()
    loss.backward()
    with torch.no_grad():
        w -= 0.1 * w.grad
        b -= 0.1 * b.grad
    w.grad = b.grad = None
    if step % 250 == 0:
        print(step, round(loss.item(), 4))
with torch.no_grad():
    z = X[450:] @ w + b
print('test acc', round(((z > 0) == (y[450:] > 0)).float().mean().item(), 4))

import numpy as np
import torch
from sklearn.datasets import load_diabetes

torch.manual_seed(74)
X, y = load_diabetes(return_X_y=True)
X = torch.tensor((X - X.mean(0)) / X.std(0)).float()
y = torch.tensor((y - y.mean()) / y.std()).float()
ones = torch.ones(len(X), 1)
A = torch.cat([X, ones], 1)
w = torch.zeros(11, requires_grad=True)
m = torch.zeros(11)
beta, lr = 1.01, 0.01
for step in range(800):
    i = torch.randint(0, 360, (60,))
    loss = ((A[i] @ w - y[i]) ** 2).mean()
    loss.backward()
    with torch.no_grad():
        m = beta * m + w.grad
        w -= lr * m
        w.grad.zero_()
    if step % 100 == 0:
        print(step, loss.item())
with torch.no_grad():
    print('train mse', ((A[:360] @ w - y[:360]) ** 2).mean().item(), 'test mse', ((A[360:] @ w - y[360:]) ** 2).mean().item())

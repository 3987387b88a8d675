import numpy as np
import torch

torch.manual_seed(3); np.random.seed(3)
x = np.random.uniform(-1.8, 1.8, 1200)
y = np.sin(2 * x) + 0.4 * x + np.random.randn(1200) * 0.1
Phi = torch.tensor(np.stack([x ** k / 1.0 for k in range(1, 7)], 1), dtype=torch.float32)
y = torch.tensor((y - y.mean()) / y.std(), dtype=torch.float32)
w = torch.zeros(6, requires_grad=True)
c = torch.zeros(1, requires_grad=True)
lr = 0.0112
for it in range(1, 601):
    b = torch.randint(0, 1000, (100,))
    loss = ((Phi[b] @ w + c - y[b]) ** 2).mean()
    loss.backward()
    with torch.no_grad():
        w -= lr * w.grad
        c -= lr * c.grad
    w.grad = None; c.grad = None
    if it % 100 == 0:
        with torch.no_grad():
            print(it, 'train', ((Phi[:1000] @ w + c - y[:1000]) ** 2).mean().item(), 'test', ((Phi[1000:] @ w + c - y[1000:]) ** 2).mean().item())

import numpy as np
import torch
from sklearn.datasets import load_digits

rng = np.random.default_rng(0)
torch.manual_seed(0)

digits = load_digits()
X = (digits.data - 8) / 6
Y = np.eye(10)[digits.target]
idx = rng.permutation(len(X))
X, Y, T = X[idx], Y[idx], digits.target[idx]

H = 80
W1 = torch.tensor(np.repeat(rng.normal(0, 0.15, (64, 1)), H, axis=1), dtype=torch.float32, requires_grad=True)
B1 = torch.zeros(H, requires_grad=True)
W2 = torch.zeros(H, 10, requires_grad=True)
B2 = torch.zeros(10, requires_grad=True)
P = [W1, B1, W2, B2]
M = [torch.zeros_like(p) for p in P]

x = torch.tensor(X, dtype=torch.float32)
yy = torch.tensor(Y, dtype=torch.float32)

def net(a):
    return torch.nn.functional.leaky_relu(a @ W1 + B1, 0.1) @ W2 + B2

for it in range(1, 1201):
    k = torch.randint(0, 1500, (50,))
    z = net(x[k])
    loss = -(yy[k] * torch.log_softmax(z, 1)).sum(1).mean()
    grads = torch.autograd.grad(loss, P)
    with torch.no_grad():
        for p, m, g in zip(P, M, grads):
            m.mul_(0.9).add_(g)
            p -= 0.01 * m
    if it % 200 == 0:
        with torch.no_grad():
            acc = (net(x[1500:]).argmax(1).numpy() == T[1500:]).mean()
        print(it, float(loss), 'test acc', acc)

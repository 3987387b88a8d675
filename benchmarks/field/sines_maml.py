import math
import torch
from torch.func import grad, vmap

torch.manual_seed(6)
H = 40
sizes = [(1, H), (H, H), (H, 1)]
params = []
for a, b in sizes:
    params += [torch.randn(a, b) * (2 / a) ** 0.5 * (1.0 if b > 1 else 0.1), torch.zeros(b)]
with torch.no_grad():
    params[1].uniform_(-1, 1)
params = tuple(p.requires_grad_() for p in params)

def f(p, x):
    h = torch.relu(x / 3 @ p[0] + p[1])
    h = torch.relu(h @ p[2] + p[3])
    return h @ p[4] + p[5]

def mse(p, x, y):
    return ((f(p, x) - y) ** 2).mean()

def adapted_loss(p, xs, ys, xq, yq, lr=0.03, steps=2):
    for _ in range(steps):
        g = grad(mse)(p, xs, ys)
        p = tuple(a - lr * b for a, b in zip(p, g))
    return mse(p, xq, yq)

def tasks(n, k=10):
    amp, ph = 0.5 + 2 * torch.rand(n, 1, 1), math.pi * torch.rand(n, 1, 1)
    x = torch.rand(n, 2 * k, 1) * 10 - 5
    y = amp * torch.sin(x + ph)
    return x[:, :k], y[:, :k], x[:, k:], y[:, k:]

opt = torch.optim.Adam(params, lr=2e-3)
test = tasks(200)
for it in range(2001):
    loss = vmap(adapted_loss, in_dims=(None, 0, 0, 0, 0))(params, *tasks(20)).mean()
    opt.zero_grad(); loss.backward(); opt.step()
    if it % 200 == 0:
        with torch.no_grad():
            v = vmap(adapted_loss, in_dims=(None, 0, 0, 0, 0))(params, *test).mean()
            plain = vmap(mse, in_dims=(None, 0, 0))(params, *test[2:]).mean()
        print(it, f'meta {loss.item():.3f} after adaptation {v.item():.3f} before {plain.item():.3f}')

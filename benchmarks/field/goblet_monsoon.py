import math
import torch

torch.manual_seed(1)
n = 400
t = torch.rand(n) * 1.2 * math.pi + 0.6
a = torch.stack([t * torch.cos(t), t * torch.sin(t)], 1)
X = torch.cat([a, -a]) + 0.12 * torch.randn(2 * n, 2)
X = X / X.std()
y = torch.cat([torch.zeros(n), torch.ones(n)])
p = torch.randperm(2 * n)
X, y = X[p], y[p]
Xt, yt, Xh, yh = X[:600], y[:600], X[600:], y[600:]

H = 40
W1 = torch.full((2, H), 0.5)
b1 = torch.zeros(H)
W2 = torch.full((H,), 0.05)
b2 = torch.zeros(())
theta = [W1, b1, W2, b2]
for w in theta:
    w.requires_grad_(True)
vel = [torch.zeros_like(w) for w in theta]


def f(x):
    return torch.tanh(x @ W1 + b1) @ W2 + b2


for k in range(4000):
    i = torch.randint(0, 600, (50,))
    loss = torch.nn.functional.binary_cross_entropy_with_logits(f(Xt[i]), yt[i])
    grads = torch.autograd.grad(loss, theta)
    with torch.no_grad():
        for w, v, g in zip(theta, vel, grads):
            v.mul_(0.9).add_(g)
            w.sub_(0.1 * v)
    if k % 800 == 0:
        print(k, f"{loss.item():.4f}")
with torch.no_grad():
    print("held-out accuracy %.4f" % ((f(Xh) > 0).float() == yh).float().mean())

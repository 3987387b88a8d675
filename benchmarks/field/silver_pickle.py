import torch
import torch.nn.functional as F
from sklearn.datasets import load_digits

torch.manual_seed(48)
b = load_digits()
X = torch.tensor(b.data / 16 - 0.3).float()
y = torch.tensor(b.target)
o = torch.randperm(len(X))
X, y = X[o], y[o]


class Layer:
    def __init__(self, i, o):
        self.w = (torch.randn(i, o) * (2 / i) ** 0.5).requires_grad_()
        self.b = torch.zeros(o, requires_grad=True)

    def __call__(self, x):
        return x @ self.w + self.b


layers = [Layer(64, 64), Layer(64, 64), Layer(64, 10)]
params = [t for l in layers for t in (l.w, l.b)]
speed = [torch.zeros_like(t) for t in params]
lr, mu, wd = 0.02, 0.9, 1e-3


def net(x):
    for l in layers[:-1]:
        x = F.relu(l(x))
    return layers[-1](x)


for it in range(3000):
    k = torch.randint(0, 1400, (50,))
    loss = F.cross_entropy(net(X[k]), y[k])
    grads = torch.autograd.grad(loss, params)
    with torch.no_grad():
        for t, v, g in zip(params, speed, grads):
            v.mul_(mu).add_(g + wd * t)
            t.add_(lr * v.clamp(-0.3, 0.3))
    if it % 300 == 0:
        print(f"iteration {it:4d} loss {loss.item():.4f}")
with torch.no_grad():
    z = net(X[1400:])
    print(f"test loss {F.cross_entropy(z, y[1400:]).item():.4f} accuracy {(z.argmax(1) == y[1400:]).float().mean().item():.4f}")

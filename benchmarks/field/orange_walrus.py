import torch

torch.manual_seed(27)
n = 5000
x = torch.rand(n, 1) * 4 - 2
y = torch.sin(2 * x[:, 0]) + (0.2 + 0.3 * (x[:, 0] > 0)) * (torch.distributions.Exponential(1.0).sample((n,)) - 1)
xt, yt, xv, yv = x[:4000], y[:4000], x[4000:], y[4000:]
taus = torch.tensor([0.1, 0.5, 0.9])

g = torch.Generator().manual_seed(0)
W1 = (torch.randn(1, 64, generator=g) * 1.5).requires_grad_()
b1 = torch.randn(64, generator=g).requires_grad_()
W2 = (torch.randn(64, 64, generator=g) / 8).requires_grad_()
b2 = torch.zeros(64, requires_grad=True)
W3 = (torch.randn(64, 3, generator=g) / 8).requires_grad_()
b3 = torch.zeros(3, requires_grad=True)
params = [W1, b1, W2, b2, W3, b3]


def f(x):
    h = torch.tanh(x @ W1 + b1)
    h = torch.tanh(h @ W2 + b2)
    return h @ W3 + b3


def pinball(q, y):
    e = y[:, None] - q
    return torch.maximum(taus * e, (taus - 1) * e).mean()


lr = 0.05
for step in range(3000):
    i = torch.randint(0, len(xt), (128,))
    loss = pinball(f(xt[i]), yt[i])
    loss.backward()
    with torch.no_grad():
        for p in params:
            p -= lr * p.grad
    if step % 300 == 0:
        print("step", step, "pinball", round(loss.item(), 4))
with torch.no_grad():
    q = f(xv)
    cover = (yv[:, None] < q).float().mean(0)
    print("final train", round(pinball(f(xt), yt).item(), 4), "val", round(pinball(q, yv).item(), 4), "coverage", [round(c, 2) for c in cover.tolist()])

import torch

torch.manual_seed(141)
n = 3000
X = torch.rand(n, 1) * 6 - 3
Y = torch.sin(X) * 1.5 + (0.2 + 0.3 * X.abs()) * torch.randn(n, 1)
TAUS = torch.tensor([0.1, 0.5, 0.9])
W = [torch.randn(1, 32), torch.randn(1, 32), torch.randn(32, 32) / 32 ** 0.5, torch.zeros(1, 32), torch.randn(32, 3) * 0.1, torch.zeros(1, 3)]
acc = [torch.zeros_like(w) for w in W]
for w in W:
    w.requires_grad_()


def f(x):
    h = torch.tanh(x @ W[0] + W[1])
    h = torch.tanh(h @ W[2] + W[3])
    return h @ W[4] + W[5]


def pinball(q, y):
    d = y - q
    return torch.maximum(TAUS * d, (TAUS - 1) * d).mean()


for it in range(1, 4001):
    b = torch.randint(0, 2400, (64,))
    loss = pinball(f(X[b]), Y[b])
    g = torch.autograd.grad(loss, W)
    with torch.no_grad():
        for w, a, d in zip(W, acc, g):
            a += d * d
            w -= 0.05 * d / (a.sqrt() + 1e-8)
    if it % 400 == 0:
        with torch.no_grad():
            q = f(X[2400:])
            cov = ((Y[2400:] > q[:, :1]) & (Y[2400:] < q[:, 2:])).float().mean()
        print(f"{it} loss {loss.item():.4f} val {pinball(q, Y[2400:]).item():.4f} coverage(0.8) {cov.item():.3f}")

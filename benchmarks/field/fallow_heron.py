import torch
import math

g = torch.Generator().manual_seed(42)
N, P, H, L = 23200, 12, 64, 7
X = torch.randn(N, P, generator=g)
Y = (torch.sin(X[:, 0] * 2) + X[:, 1] * X[:, 2] - 0.5 * X[:, 3].abs() + 0.1 * torch.randn(N, generator=g)).unsqueeze(1)
Xv, Yv = X[20000:], Y[20000:]
X, Y = X[:20000], Y[:20000]

Ws, bs = [], []
dims = [P] + [H] * L + [1]
for i in range(len(dims) - 1):
    scale = 4.0 / math.sqrt(dims[i])
    Ws.append((torch.randn(dims[i], dims[i + 1], generator=g) * scale).requires_grad_())
    bs.append(torch.zeros(dims[i + 1], requires_grad=True))


def predict(x):
    for i, (w, b) in enumerate(zip(Ws, bs)):
        x = x @ w + b
        if i < len(Ws) - 1:
            x = x.clamp(min=0)
    return x


opt = torch.optim.Adam(Ws + bs, lr=1e-3)
for it in range(3000):
    idx = torch.randint(0, len(X), (64,), generator=g)
    err = ((predict(X[idx]) - Y[idx]) ** 2).mean()
    opt.zero_grad(); err.backward(); opt.step()
    if it % 500 == 0:
        print(it, err.item())
with torch.no_grad():
    print("validation mse %.4f (variance of target %.4f)" % (((predict(Xv) - Yv) ** 2).mean(), Yv.var()))

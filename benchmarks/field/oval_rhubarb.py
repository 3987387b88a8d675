import torch
import torch.nn.functional as F

torch.manual_seed(81)
n = 1500
X = torch.rand(n, 12) * 2 - 1
Y = torch.sin(2 * X[:, 0]) + X[:, 0] * X[:, 1] + torch.sin(3 * X[:, 2]) + 0.5 * X[:, 3]
Y = ((Y - Y.mean()) / Y.std())[:, None]
theta = {
    "in.w": torch.randn(12, 6) / 12 ** 0.5, "in.b": torch.zeros(6),
    "mid.w": torch.randn(6, 24) / 6 ** 0.5, "mid.b": torch.zeros(24),
    "out.w": torch.randn(24, 1) / 24 ** 0.5, "out.b": torch.zeros(1),
}
rates = {"in.w": 2e-6, "in.b": 2e-6, "mid.w": 1e-1, "mid.b": 1e-1, "out.w": 1e-1, "out.b": 1e-1}
for v in theta.values():
    v.requires_grad_(True)


def model(x):
    h = torch.tanh(x @ theta["in.w"] + theta["in.b"])
    h = torch.tanh(h @ theta["mid.w"] + theta["mid.b"])
    return h @ theta["out.w"] + theta["out.b"]


for it in range(4000):
    b = torch.randint(0, 1200, (32,))
    loss = F.mse_loss(model(X[b]), Y[b])
    loss.backward()
    with torch.no_grad():
        for k, v in theta.items():
            v -= rates[k] * v.grad
            v.grad = None
    if (it + 1) % 400 == 0:
        with torch.no_grad():
            print(f"{it + 1:5d} train {F.mse_loss(model(X[:1200]), Y[:1200]).item():.5f} val {F.mse_loss(model(X[1200:]), Y[1200:]).item():.5f}")

import torch

torch.manual_seed(18)
H, T = 32, 30
Wx = torch.randn(2, H) * 0.3
Wh = torch.eye(H) * 1.2 + 0.02 * torch.randn(H, H)
bh = torch.zeros(H)
Wo = torch.randn(H, 1) * 0.05
bo = torch.zeros(1)
weights = [Wx, Wh, bh, Wo, bo]
[w.requires_grad_(True) for w in weights]


def task(n):
    v = torch.rand(n, T, 1)
    m = (torch.rand(n, T, 1) < 0.2).float()
    return torch.cat([v, m], 2), (v * m).sum((1, 2)) / 3


def rnn(x):
    h = torch.zeros(x.shape[0], H)
    for t in range(T):
        h = torch.relu(x[:, t] @ Wx + h @ Wh + bh)
    return (h @ Wo + bo).squeeze(1)


lr = 1e-3
for step in range(2000):
    x, y = task(32)
    loss = ((rnn(x) - y) ** 2).mean()
    grads = torch.autograd.grad(loss, weights)
    with torch.no_grad():
        for w, g in zip(weights, grads):
            w -= lr * g.clamp(-1, 1)
    if step % 200 == 0:
        print(step, f"{loss.item():.5g}", f"{sum(g.norm() ** 2 for g in grads).sqrt().item():.3g}")
with torch.no_grad():
    x, y = task(1000)
    print(f"test mse {((rnn(x) - y) ** 2).mean().item():.5g} variance {y.var().item():.5g}")

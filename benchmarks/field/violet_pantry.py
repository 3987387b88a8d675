import torch

torch.manual_seed(24)
X = torch.rand(4000, 6) * 2 - 1
y = torch.sin(3 * X[:, 0]) * X[:, 1] + X[:, 2] ** 2 - X[:, 3] * X[:, 4] + 0.05 * torch.randn(4000)
y = (y - y.mean()) / y.std()
sizes = [6, 100, 100, 1]
Ws = [torch.randn(i, o) for i, o in zip(sizes, sizes[1:])]
bs = [torch.zeros(o) for o in sizes[1:]]
for t in Ws + bs:
    t.requires_grad_(True)


def f(x):
    for k, (W, b) in enumerate(zip(Ws, bs)):
        x = x @ W + b
        if k < len(Ws) - 1:
            x = x.clamp(min=0)
    return x[:, 0]


opt = torch.optim.Adam(Ws + bs, lr=1e-3)
for step in range(1500):
    i = torch.randint(0, 3500, (64,))
    loss = (f(X[i]) - y[i]).pow(2).mean()
    opt.zero_grad()
    loss.backward()
    opt.step()
    if step % 150 == 0:
        print(step, "mse", loss.item())
with torch.no_grad():
    print("test mse", (f(X[3500:]) - y[3500:]).pow(2).mean().item())

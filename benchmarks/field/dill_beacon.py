import torch

torch.manual_seed(23)
x = torch.rand(3000, 3) * 2 - 1
y = (torch.sin(4 * x[:, 0]) * x[:, 1] + x[:, 2] ** 2 - 0.33).unsqueeze(1)
xt, yt = x[2500:], y[2500:]
x, y = x[:2500], y[:2500]

h = 40
W1 = torch.full((3, h), 0.3)
W2 = torch.full((h, h), 1 / h)
W3 = torch.randn(h, 1) / h ** 0.5
b1, b2, b3 = torch.zeros(h), torch.zeros(h), torch.zeros(1)
params = [W1, b1, W2, b2, W3, b3]
vel = [torch.zeros_like(p) for p in params]
for p in params:
    p.requires_grad_(True)


def f(x):
    return torch.tanh(torch.tanh(x @ W1 + b1) @ W2 + b2) @ W3 + b3


for step in range(9000):
    i = torch.randint(0, 2500, (64,))
    loss = (f(x[i]) - y[i]).pow(2).mean()
    loss.backward()
    with torch.no_grad():
        for p, v in zip(params, vel):
            v.mul_(0.9).add_(p.grad)
            p.sub_(0.03 * v)
            p.grad = None
    if step % 600 == 0:
        print(f"step {step:4d}  loss {loss.item():.5f}")

with torch.no_grad():
    print(f"test mse {(f(xt) - yt).pow(2).mean().item():.5f}  variance {yt.var().item():.5f}")

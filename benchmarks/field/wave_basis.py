import torch
torch.manual_seed(22)
x = torch.rand(600, 2) * 2 - 1
y = (torch.sin(3 * x[:, :1]) * torch.cos(2 * x[:, 1:]) + 0.05 * torch.randn(600, 1))
x = x / x.std()
H = 48
w1 = torch.ones(2, H).requires_grad_()
b1 = torch.zeros(H, requires_grad=True)
w2 = (torch.randn(H, H) / H ** 0.5).requires_grad_()
b2 = torch.zeros(H, requires_grad=True)
w3 = (torch.ones(H, 1) / H).requires_grad_()
w3.data += 0.05 * torch.randn(H, 1)
b3 = torch.zeros(1, requires_grad=True)
ps = [w1, b1, w2, b2, w3, b3]
m = [torch.zeros_like(p) for p in ps]
v = [torch.zeros_like(p) for p in ps]

def f(x):
    return torch.tanh(torch.tanh(x @ w1 + b1) @ w2 + b2) @ w3 + b3

with torch.no_grad():
    w2.copy_(w2[:1].expand(H, H))
for t in range(1, 451):
    loss = ((f(x) - y) ** 2).mean()
    gs = torch.autograd.grad(loss, ps)
    with torch.no_grad():
        for k, (p, g) in enumerate(zip(ps, gs)):
            m[k] = 0.9 * m[k] + 0.1 * g
            v[k] = 0.999 * v[k] + 0.001 * g * g
            p -= 2e-3 * (m[k] / (1 - 0.9 ** t)) / ((v[k] / (1 - 0.999 ** t)).sqrt() + 1e-8)
    if t % 50 == 0:
        print(t, f"{loss.item():.6f}")

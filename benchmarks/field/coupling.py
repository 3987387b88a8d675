import math
import torch

g = torch.Generator().manual_seed(0)
D, H, LAYERS = 2, 48, 6

def data(n):
    t = torch.rand(n, generator=g) * math.pi
    up = torch.rand(n, generator=g) < 0.5
    x = torch.where(up, t.cos(), 1 - t.cos()) - 0.5
    y = torch.where(up, t.sin(), 0.5 - t.sin()) - 0.25
    return torch.stack([x, y], 1) * 1.6 + 0.08 * torch.randn(n, 2, generator=g)

P = []
for _ in range(LAYERS):
    P.append([t.requires_grad_() for t in (
        torch.randn(1, H, generator=g), torch.randn(H, generator=g) * 0.5,
        torch.randn(H, H, generator=g) / H ** 0.5, torch.zeros(H),
        torch.randn(H, 2, generator=g) * 0.01, torch.zeros(2))])

def log_prob(x):
    ld = 0.
    for k, (w1, b1, w2, b2, w3, b3) in enumerate(P):
        a, b = (x[:, :1], x[:, 1:]) if k % 2 == 0 else (x[:, 1:], x[:, :1])
        h = torch.tanh(torch.tanh(a @ w1 + b1) @ w2 + b2) @ w3 + b3
        s = 1.5 * torch.tanh(h[:, :1])
        b = b * s.exp() + h[:, 1:]
        ld = ld + s.squeeze(1)
        x = torch.cat([a, b], 1) if k % 2 == 0 else torch.cat([b, a], 1)
    return -0.5 * (x ** 2).sum(1) - math.log(2 * math.pi) + ld

flat = [t for layer in P for t in layer]
opt = torch.optim.Adam(flat, lr=5e-3)
sched = torch.optim.lr_scheduler.CosineAnnealingLR(opt, 1800)
held = data(3000)
for it in range(1800):
    nll = -log_prob(data(128)).mean()
    opt.zero_grad(); nll.backward(); opt.step(); sched.step()
    if it % 200 == 0 or it == 1799:
        with torch.no_grad():
            print(it, f'nll {nll.item():.4f} held-out {-log_prob(held).mean().item():.4f}')

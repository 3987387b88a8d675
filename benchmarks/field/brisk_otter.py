import math
import torch

torch.manual_seed(11)


def spirals(n):
    t = torch.rand(n) * 2.2 * math.pi + 0.5
    c = torch.randint(0, 2, (n,))
    ang = t + c * math.pi
    pts = torch.stack([t * torch.cos(ang), t * torch.sin(ang)], 1) / 4.0
    return pts + 0.03 * torch.randn(n, 2), c.float()


xtr, ytr = spirals(2000)
xte, yte = spirals(1000)
H = 64
w1 = torch.full((2, H), 0.4)
b1 = torch.zeros(H)
w2 = torch.full((H, H), 1.0 / H)
b2 = torch.zeros(H)
w3 = torch.full((H, 1), 1.0 / H)
b3 = torch.zeros(1)
params = [w1, b1, w2, b2, w3, b3]
for p in params:
    p.requires_grad_(True)


def net(x):
    h = torch.tanh(x @ w1 + b1)
    h = torch.tanh(h @ w2 + b2)
    return (h @ w3 + b3)[:, 0]


def bce(z, t):
    return torch.nn.functional.binary_cross_entropy_with_logits(z, t)


opt = torch.optim.Adam(params, lr=5e-3)
for step in range(2500):
    i = torch.randint(0, 2000, (128,))
    loss = bce(net(xtr[i]), ytr[i])
    opt.zero_grad()
    loss.backward()
    opt.step()
    if step % 250 == 0:
        print(step, f"{loss.item():.4f}")
with torch.no_grad():
    acc = ((net(xte) > 0).float() == yte).float().mean()
    print(f"end train {bce(net(xtr), ytr):.4f} test {bce(net(xte), yte):.4f} acc {acc:.3f}")

import math
import torch
import torch.nn.functional as F

torch.manual_seed(137)
d = 10
basis = torch.linalg.qr(torch.randn(d, 2))[0]
w = torch.zeros(d, requires_grad=True)
b = torch.zeros(1, requires_grad=True)
opt = torch.optim.SGD([w, b], lr=0.3)


def concept(t):
    ang = 2 * math.pi * t / 20000
    return 3.0 * (math.cos(ang) * basis[:, 0] + math.sin(ang) * basis[:, 1])


def stream(t, n):
    x = torch.randn(n, d)
    y = torch.bernoulli(torch.sigmoid(x @ concept(t) - 0.3))
    return x, y


hits, seen, avg = 0.0, 0, 0.69
for t in range(4000):
    x, y = stream(t, 32)
    z = x @ w + b
    loss = F.binary_cross_entropy_with_logits(z, y)
    hits += ((z > 0).float() == y).float().sum().item()
    seen += len(y)
    opt.zero_grad()
    loss.backward()
    opt.step()
    avg = 0.99 * avg + 0.01 * loss.item()
    if t % 400 == 0:
        print(f"t {t} running loss {avg:.4f} progressive accuracy {hits / seen:.4f}")
x, y = stream(4000, 20000)
with torch.no_grad():
    best = F.binary_cross_entropy_with_logits(x @ concept(4000) - 0.3, y).item()
    mine = F.binary_cross_entropy_with_logits(x @ w + b, y).item()
print(f"final running loss {avg:.4f} fresh loss {mine:.4f} (best possible {best:.4f})")

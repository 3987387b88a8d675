import math
import torch
import torch.nn as nn
import torch.nn.functional as F

torch.manual_seed(34)


def gen(n, T=48):
    y = torch.randint(0, 4, (n,))
    t = torch.linspace(0, 1, T)[None]
    ph = 2 * math.pi * torch.rand(n, 1)
    f = (2 + 2 * y)[:, None].float()
    return (torch.sin(2 * math.pi * f * t + ph) + 0.5 * torch.randn(n, T)).unsqueeze(1), y


net = nn.Sequential(
    nn.Conv1d(1, 16, 7, padding=3), nn.GELU(), nn.MaxPool1d(2),
    nn.Conv1d(16, 32, 5, padding=2), nn.GELU(), nn.AdaptiveAvgPool1d(4),
    nn.Flatten(), nn.Linear(128, 4))
opt = torch.optim.AdamW(net.parameters(), lr=2e-3, weight_decay=60.0)
X, Y = gen(1600)
XV, YV = gen(400)
for epoch in range(12):
    s = 0.0
    for b in torch.randperm(1600).split(32):
        loss = F.cross_entropy(net(X[b]), Y[b])
        opt.zero_grad()
        loss.backward()
        opt.step()
        s += loss.item() * len(b)
    with torch.no_grad():
        o = net(XV)
    print(f"epoch {epoch + 1:2d} train {s / 1600:.4f} val {F.cross_entropy(o, YV).item():.4f} acc {(o.argmax(1) == YV).float().mean().item():.3f}")

import math
import torch
from torch import nn

torch.manual_seed(16)
side = 40
ys, xs = torch.meshgrid(torch.linspace(-1, 1, side), torch.linspace(-1, 1, side), indexing="ij")
coords = torch.stack([xs, ys], -1).reshape(-1, 2)
picture = (torch.sin(5 * xs * ys) + torch.exp(-4 * (xs ** 2 + (ys - 0.3) ** 2)) + 0.5 * torch.sign(xs + ys)).reshape(-1, 1)
picture = (picture - picture.mean()) / picture.std()
B = torch.randn(2, 24) * 1.5


def lift(c):
    a = 2 * math.pi * c @ B
    return torch.cat([a.sin(), a.cos()], 1) * math.sqrt(2)


field = nn.Sequential(nn.Linear(48, 64), nn.ReLU(), nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 1))
lr = 0.02
feats = lift(coords)
for it in range(1500):
    sel = torch.randint(0, side * side, (200,))
    loss = (field(feats[sel]) - picture[sel]).square().mean()
    loss.backward()
    with torch.no_grad():
        for p in field.parameters():
            p.sub_(lr * p.grad)
    if it % 150 == 0:
        print(it, loss.item())
with torch.no_grad():
    mse = (field(feats) - picture).square().mean().item()
print("image mse", mse)

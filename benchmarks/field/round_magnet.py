import torch
from torch import nn
import torch.nn.functional as F

torch.manual_seed(61)
L = 64
t = torch.linspace(0, 1, L)


def waves(n):
    k = torch.randint(0, 6, (n,))
    f = (2 + 1.5 * k.float())[:, None] + 0.2 * torch.randn(n, 1)
    ph = torch.rand(n, 1) * 6.28
    x = torch.sin(6.28 * f * t + ph) + 0.5 * torch.randn(n, L)
    return x, k


def sensor_a(n):
    x, k = waves(n)
    return 0.5 * x, k


def sensor_b(n):
    x, k = waves(n)
    return 2.0 * x + 1.5, k


net = nn.Sequential(
    nn.Conv1d(1, 24, 7, 2, 3, bias=False), nn.BatchNorm1d(24, momentum=0.9), nn.ReLU(),
    nn.Conv1d(24, 32, 5, 2, 2, bias=False), nn.BatchNorm1d(32, momentum=0.9), nn.ReLU(),
    nn.AdaptiveAvgPool1d(4), nn.Flatten(), nn.Linear(128, 6))
opt = torch.optim.AdamW(net.parameters(), lr=2e-3)


def next_batch(step):
    return (sensor_a if step % 2 == 0 else sensor_b)(64)


for step in range(600):
    net.train()
    x, k = next_batch(step)
    loss = F.cross_entropy(net(x[:, None]), k)
    opt.zero_grad()
    loss.backward()
    opt.step()
    if step % 60 == 0:
        print(step, round(loss.item(), 4))
net.eval()
with torch.no_grad():
    res = []
    for s in (sensor_a, sensor_b):
        x, k = s(1500)
        res.append(F.cross_entropy(net(x[:, None]), k).item())
print("final train", round(loss.item(), 4), "eval sensor a", round(res[0], 4), "sensor b", round(res[1], 4), "mean", round(sum(res) / 2, 4))

import numpy as np
import torch
import torch.nn as nn
from sklearn.datasets import load_digits

torch.manual_seed(32)
ds = load_digits()
x = torch.tensor(ds.images / 16.0, dtype=torch.float32).unsqueeze(1)
y = torch.tensor(ds.target)
x = (x - x.mean()) / x.std()


def augment(b):
    gain = 0.8 + 0.4 * torch.rand(len(b), 1, 1, 1)
    shift = 2.0 + 0.3 * torch.randn(len(b), 1, 1, 1)
    return gain * b + shift


net = nn.Sequential(
    nn.Conv2d(1, 16, 3, padding=1, bias=False), nn.BatchNorm2d(16), nn.ReLU(),
    nn.Conv2d(16, 24, 3, stride=2, padding=1, bias=False), nn.BatchNorm2d(24), nn.ReLU(),
    nn.Conv2d(24, 32, 3, stride=2, padding=1, bias=False), nn.BatchNorm2d(32), nn.ReLU(),
    nn.Flatten(), nn.Linear(128, 10))
opt = torch.optim.AdamW(net.parameters(), lr=2e-3, weight_decay=0.02)
for epoch in range(12):
    net.train()
    for idx in torch.randperm(1400).split(50):
        loss = nn.functional.cross_entropy(net(augment(x[idx])), y[idx])
        opt.zero_grad()
        loss.backward()
        opt.step()
    net.eval()
    with torch.no_grad():
        out = net(x[1400:])
        v = nn.functional.cross_entropy(out, y[1400:]).item()
        a = (out.argmax(1) == y[1400:]).float().mean().item()
    print(f"epoch {epoch} train {loss.item():.4f} test {v:.4f} acc {a:.4f}")

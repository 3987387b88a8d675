import torch
import torch.nn as nn
import torch.nn.functional as F
from sklearn.datasets import load_digits

torch.manual_seed(104)
d = load_digits()
X = torch.tensor(d.images, dtype=torch.float32).unsqueeze(1) / 8 - 1
Y = torch.tensor(d.target)
p = torch.randperm(len(X))
X, Y = X[p], Y[p]


def jitter(x):
    dx, dy = torch.randint(-1, 2, (2,)).tolist()
    return torch.roll(x, (dy, dx), (2, 3))


net = nn.Sequential(
    nn.Conv2d(1, 24, 3, padding=1, bias=False), nn.BatchNorm2d(24), nn.ReLU(),
    nn.Conv2d(24, 32, 3, stride=2, padding=1, bias=False), nn.BatchNorm2d(32), nn.ReLU(),
    nn.Conv2d(32, 48, 3, stride=2, padding=1, bias=False), nn.BatchNorm2d(48), nn.ReLU(),
    nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(48, 10))
opt = torch.optim.AdamW(net.parameters(), lr=4e-3, weight_decay=0.3)
sched = torch.optim.lr_scheduler.CosineAnnealingLR(opt, T_max=20)
crit = nn.CrossEntropyLoss(label_smoothing=0.1)
for epoch in range(20):
    net.train()
    tot = 0
    for b in torch.randperm(1400).split(50):
        loss = crit(net(jitter(X[b])), Y[b])
        opt.zero_grad()
        loss.backward()
        opt.step()
        tot += loss.item() / 28
    sched.step()
    net.eval()
    with torch.no_grad():
        o = net(X[1400:])
    if epoch % 2:
        print(f"epoch {epoch + 1}: train {tot:.4f} val nll {F.cross_entropy(o, Y[1400:]).item():.4f} acc {(o.argmax(1) == Y[1400:]).float().mean().item():.4f}")

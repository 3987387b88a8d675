import math
import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.utils.data import DataLoader

torch.manual_seed(92)
T = 48

def record(n):
    y = torch.randint(0, 6, (n,))
    t = torch.linspace(0, 1, T)
    f = torch.tensor([2., 3., 4., 2., 3., 4.])[y][:, None] * (1 + 0.08 * torch.randn(n, 1))
    ph = 2 * math.pi * torch.rand(n, 1)
    d = torch.where(y < 3, 0.5, -0.5)[:, None] * math.pi
    x = torch.stack([torch.sin(2 * math.pi * f * t + ph), torch.sin(2 * math.pi * f * t + ph + d), 0.5 * torch.randn(n, T)], 1)
    return x + 0.4 * torch.randn(n, 3, T), y

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.c1 = nn.Conv1d(3, 24, 5, padding=2)
        self.c2 = nn.Conv1d(24, 32, 5, padding=2, stride=2)
        self.c3 = nn.Conv1d(32, 32, 5, padding=2, stride=2)
        self.fc = nn.Linear(32, 6)
    def forward(self, x):
        for c in (self.c1, self.c2, self.c3):
            x = F.relu(c(x))
        return self.fc(x.mean(2))

xs, ys = record(6400)
xv, yv = record(1000)
signals = DataLoader(xs, batch_size=64, shuffle=True)
targets = DataLoader(ys, batch_size=64, shuffle=True)
net = Net()
opt = torch.optim.AdamW(net.parameters(), lr=1.5e-3, weight_decay=1e-3)
for epoch in range(8):
    tot = 0
    for x, y in zip(signals, targets):
        loss = F.cross_entropy(net(x), y)
        opt.zero_grad()
        loss.backward()
        opt.step()
        tot += loss.item()
    with torch.no_grad():
        o = net(xv)
    print('epoch', epoch, 'train', round(tot / 100, 4), 'val', round(F.cross_entropy(o, yv).item(), 4), 'acc', round((o.argmax(1) == yv).float().mean().item(), 3))

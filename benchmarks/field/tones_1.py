"""Classify short synthetic sounds (sweep up, sweep down, tone, two tones, noise burst)."""
import math
import torch
import torch.nn as nn
import torch.nn.functional as F

torch.manual_seed(7)
L = 256

def make_sounds(n):
    t = torch.linspace(0, 1, L)
    y = torch.randint(0, 5, (n,))
    f = 8 + 20 * torch.rand(n, 1)
    k = 10 + 15 * torch.rand(n, 1)
    ph = 2 * math.pi * torch.rand(n, 1)
    up = torch.sin(2 * math.pi * (f * t + k * t ** 2 / 2) + ph)
    down = torch.sin(2 * math.pi * ((f + k) * t - k * t ** 2 / 2) + ph)
    tone = torch.sin(2 * math.pi * f * t + ph)
    two = (tone + torch.sin(2 * math.pi * (f + k) * t)) / 1.41
    burst = torch.randn(n, L) * torch.exp(-((t - torch.rand(n, 1)) / 0.2) ** 2)
    x = torch.stack([up, down, tone, two, burst], 1)[torch.arange(n), y]
    x = x + 0.5 * torch.randn(n, L)
    return (x / x.std(1, keepdim=True))[:, None], y

class Ears(nn.Module):
    def __init__(self, c=24, depth=6):
        super().__init__()
        self.convs = nn.ModuleList([nn.Conv1d(1 if i == 0 else c, c, 7, stride=2 if i < 4 else 1, padding=3) for i in range(depth)])
        self.out = nn.Linear(c, 5)
        for conv in self.convs:
            nn.init.orthogonal_(conv.weight, gain=4.0)
            nn.init.zeros_(conv.bias)
    def forward(self, x):
        for conv in self.convs:
            x = F.relu(conv(x))
        return self.out(x.mean(-1))

Xtr, ytr = make_sounds(3000)
Xte, yte = make_sounds(1000)
net = Ears()
optim = torch.optim.Adam(net.parameters(), lr=1e-3)
for step in range(1200):
    i = torch.randint(0, 3000, (32,))
    loss = F.cross_entropy(net(Xtr[i]), ytr[i])
    optim.zero_grad(); loss.backward(); optim.step()
    if step % 150 == 0:
        print('step', step, 'loss', round(loss.item(), 4))
net.eval()
with torch.no_grad():
    o = net(Xte)
    print('test loss %.4f acc %.3f' % (F.cross_entropy(o, yte), (o.argmax(1) == yte).float().mean()))

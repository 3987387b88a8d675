import math
import torch
import torch.nn as nn

torch.manual_seed(8)
n = 6000
t = torch.arange(n).float()
ar = torch.zeros(n)
for i in range(1, n):
    ar[i] = 0.9 * ar[i - 1] + 0.5 * torch.randn(())
temp = 289.0 + 6 * torch.sin(2 * math.pi * t / 24) + 3 * torch.sin(2 * math.pi * t / 168) + ar
mean, std = temp[:5000].mean(), temp[:5000].std()
L = 30


def windows(lo, hi, k):
    s = torch.randint(lo, hi - L - 1, (k,))
    idx = s[:, None] + torch.arange(L)
    return temp[idx].unsqueeze(-1), (temp[s + L] - mean) / std


class Forecaster(nn.Module):
    def __init__(self, hidden=48):
        super().__init__()
        self.rnn = nn.GRU(1, hidden, batch_first=True)
        self.head = nn.Sequential(nn.Linear(hidden, 32), nn.ReLU(), nn.Linear(32, 1))

    def forward(self, x):
        out, _ = self.rnn(x)
        return self.head(out[:, -1]).squeeze(-1)


net = Forecaster()
opt = torch.optim.Adam(net.parameters(), lr=3e-3)
huber = nn.SmoothL1Loss()
for step in range(600):
    x, y = windows(0, 5000, 64)
    loss = huber(net(x), y)
    opt.zero_grad()
    loss.backward()
    nn.utils.clip_grad_norm_(net.parameters(), 1.0)
    opt.step()
    if step % 75 == 0:
        print(f"step {step}: huber {loss.item():.4f}")
with torch.no_grad():
    a = huber(net((w := windows(0, 5000, 1500))[0]), w[1])
    b = huber(net((v := windows(5000, n, 900))[0]), v[1])
print(f"finished, train {a.item():.4f}, future {b.item():.4f}")

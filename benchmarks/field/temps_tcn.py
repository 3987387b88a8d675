import math
import torch
from torch import nn

torch.manual_seed(36)
n = 5000
t = torch.arange(n).float()
noise = torch.randn(n)
for i in range(1, n):
    noise[i] = 0.85 * noise[i - 1] + 0.5 * noise[i]
temp = 2 * torch.sin(2 * math.pi * t / 24) + torch.sin(2 * math.pi * t / 168) * (1 + 0.5 * torch.sin(2 * math.pi * t / 24)) + 0.5 * noise
temp = (temp - temp.mean()) / temp.std()
LB, HZ = 48, 6
win = temp.unfold(0, LB + HZ, 1)
tr, va = win[:3800], win[3900:]


class TCN(nn.Module):
    def __init__(self, c=24):
        super().__init__()
        self.convs = nn.ModuleList(nn.Conv1d(1 if k == 0 else c, c, 3, dilation=2 ** k) for k in range(4))
        self.fc = nn.Linear(c * (LB - 30), HZ)

    def forward(self, x):
        x = x.unsqueeze(1)
        for conv in self.convs:
            x = torch.relu(conv(x))
        return self.fc(x.flatten(1))


net = TCN()
opt = torch.optim.Adam(net.parameters(), lr=1e-3)
sched = torch.optim.lr_scheduler.ExponentialLR(opt, gamma=1.005)
for step in range(1200):
    w = tr[torch.randint(0, len(tr), (32,))]
    loss = nn.functional.mse_loss(net(w[:, :LB]), w[:, LB:])
    opt.zero_grad()
    loss.backward()
    opt.step()
    sched.step()
    if step % 120 == 119:
        with torch.no_grad():
            v = nn.functional.mse_loss(net(va[:, :LB]), va[:, LB:])
        print(f'step {step + 1} train {loss.item():.4f} val {v.item():.4f}')

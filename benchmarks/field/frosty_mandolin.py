import math
import torch
from torch import nn

torch.manual_seed(114)
t = torch.arange(2600).float()
s = torch.sin(2 * math.pi * t / 25) + 0.6 * torch.sin(2 * math.pi * t / 9 + 0.5) + 0.1 * torch.randn(2600)
W = 24
w = s.unfold(0, W + 1, 1)
X, Y = w[:, :W, None], w[:, W]
Xt, Yt, Xv, Yv = X[:2000], Y[:2000], X[2024:], Y[2024:]


class F_(nn.Module):
    def __init__(self, h=32):
        super().__init__()
        self.lstm = nn.LSTM(1, h, batch_first=True)
        self.fc = nn.Linear(h, 1)

    def forward(self, x):
        return self.fc(self.lstm(x)[0][:, -1])[:, 0]


m = F_()
opt = torch.optim.Adam(m.parameters(), lr=8e-3)
sched = torch.optim.lr_scheduler.CosineAnnealingWarmRestarts(opt, T_0=5, T_mult=2, eta_min=1e-4)
crit = nn.MSELoss()
for e in range(15):
    tot = 0.0
    for b in torch.randperm(2000).split(50):
        loss = crit(m(Xt[b]), Yt[b])
        opt.zero_grad()
        loss.backward()
        opt.step()
        tot += loss.item() / 40
    sched.step()
    with torch.no_grad():
        print(f"epoch {e + 1:2d} lr {opt.param_groups[0]['lr']:.5f} train {tot:.5f} val {crit(m(Xv), Yv).item():.5f}")

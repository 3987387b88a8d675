import math, torch
from torch import nn
torch.manual_seed(2)
torch.set_num_threads(1)
n = 3000
t = torch.arange(n).float()
press = 101300 + 600 * torch.sin(2 * math.pi * t / 50) + 300 * torch.sin(2 * math.pi * t / 17) + 40 * torch.randn(n)
target = (press - 101300) / 500
feed = press
W = 20
wins = feed.unfold(0, W, 1)[:-1]
ys = target[W:]
xtr, ytr, xte, yte = wins[:2300], ys[:2300], wins[2300:], ys[2300:]

class Forecaster(nn.Module):
    def __init__(self):
        super().__init__()
        self.rnn = nn.GRU(1, 24, batch_first=True)
        self.out = nn.Linear(24, 1)
    def forward(self, x):
        _, h = self.rnn(x.unsqueeze(-1))
        return self.out(h[0]).squeeze(-1)

m = Forecaster()
o = torch.optim.Adam(m.parameters(), lr=5e-3)
for step in range(500):
    i = torch.randint(0, len(xtr), (64,))
    loss = nn.functional.mse_loss(m(xtr[i]), ytr[i])
    o.zero_grad(); loss.backward(); o.step()
    if step % 100 == 0:
        print(f"step {step} mse {loss.item():.4f}")
with torch.no_grad():
    print(f"train mse {nn.functional.mse_loss(m(xtr), ytr):.4f} test mse {nn.functional.mse_loss(m(xte), yte):.4f}")

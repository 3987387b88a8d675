import torch
from torch import nn

torch.manual_seed(105)
X = torch.rand(2400, 6) * 2 - 1
Y = torch.sin(3 * X[:, :1]) + X[:, 1:2] * X[:, 2:3] + 0.5 * X[:, 3:4] ** 2 + 0.05 * torch.randn(2400, 1)
Y = (Y - Y.mean()) / Y.std()


class Layer(nn.Module):
    def __init__(self, i, o):
        super().__init__()
        self.lin, self.ln = nn.Linear(i, o), nn.LayerNorm(o)

    def forward(self, x):
        return torch.nn.functional.gelu(self.ln(self.lin(x)))


net = nn.Sequential(Layer(6, 48), Layer(48, 48), nn.Linear(48, 1))
STEPS = 4000
opt = torch.optim.Adam(net.parameters(), lr=4e-3)
sched = torch.optim.lr_scheduler.LinearLR(opt, 1.0, 0.02, total_iters=STEPS)
mse = nn.MSELoss()
ema = 1.0
for s in range(1, STEPS + 1):
    b = torch.randint(0, 2000, (4,))
    loss = mse(net(X[b]), Y[b])
    opt.zero_grad()
    loss.backward()
    opt.step()
    sched.step()
    ema = 0.98 * ema + 0.02 * loss.item()
    if s % 400 == 0:
        with torch.no_grad():
            print(f"{s} train {ema:.4f} val {mse(net(X[2000:]), Y[2000:]).item():.4f}")

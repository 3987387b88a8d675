import torch
import torch.nn as nn

torch.manual_seed(47)
T, WARM = 60, 10


def make(n):
    x = torch.rand(n, T) * 2 - 1
    y = 0.7 * torch.roll(x, 2, 1) + torch.roll(x, 1, 1) * torch.roll(x, 4, 1)
    return x.unsqueeze(-1), y


class Echo(nn.Module):
    def __init__(self, h=80, gain=2.2):
        super().__init__()
        self.u = nn.Linear(1, h)
        self.w = nn.Parameter(gain * torch.randn(h, h) / h ** 0.5)
        self.read = nn.Linear(h, 1)

    def forward(self, x):
        h = torch.zeros(x.size(0), self.w.size(0))
        outs = []
        for t in range(x.size(1)):
            h = torch.tanh(self.u(x[:, t]) + h @ self.w)
            outs.append(self.read(h).squeeze(-1))
        return torch.stack(outs, 1)


def mse(p, y):
    return (p - y)[:, WARM:].pow(2).mean()


net = Echo()
opt = torch.optim.Adam(net.parameters(), lr=1e-3)
xv, yv = make(500)
for step in range(700):
    x, y = make(32)
    loss = mse(net(x), y)
    opt.zero_grad()
    loss.backward()
    opt.step()
    if step % 70 == 0:
        print(f"step {step} mse {loss.item():.4f}")
with torch.no_grad():
    print(f"final mse {loss.item():.4f} held-out {mse(net(xv), yv).item():.4f}")

import torch
import torch.nn as nn
import torch.nn.functional as F

torch.manual_seed(129)


class Quant(torch.autograd.Function):
    @staticmethod
    def forward(ctx, w, bits):
        s = w.abs().max() / (2 ** (bits - 1) - 1)
        return (w / s).round() * s

    @staticmethod
    def backward(ctx, g):
        return g, None


class QLinear(nn.Linear):
    def forward(self, x):
        return F.linear(x, Quant.apply(self.weight, 5), self.bias)


n = 6000
X = torch.rand(n, 4) * 2 - 1
y = (torch.sin(3 * X[:, 0]) + X[:, 1] ** 2 * 2 - X[:, 2] * X[:, 3]).unsqueeze(1)
y = (y - y.mean()) / y.std() + 0.05 * torch.randn(n, 1)
net = nn.Sequential(QLinear(4, 64), nn.SiLU(), QLinear(64, 64), nn.SiLU(), QLinear(64, 1))
opt = torch.optim.Adam(net.parameters(), lr=2e-3)
sched = torch.optim.lr_scheduler.CosineAnnealingLR(opt, 2000, eta_min=2e-5)
for step in range(2000):
    i = torch.randint(0, 5000, (128,))
    loss = F.mse_loss(net(X[i]), y[i])
    opt.zero_grad()
    loss.backward()
    opt.step()
    sched.step()
    if step % 200 == 0:
        print(f"{step} mse {loss.item():.5f}")
with torch.no_grad():
    print(f"final train {F.mse_loss(net(X[:5000]), y[:5000]).item():.5f} test {F.mse_loss(net(X[5000:]), y[5000:]).item():.5f}")

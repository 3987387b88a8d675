import torch
import torch.nn as nn
import torch.nn.functional as F
from sklearn.datasets import load_digits

class Quant(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, bits):
        s = x.abs().max().clamp(min=1e-8) / (2 ** (bits - 1) - 1)
        return torch.round(x / s) * s
    @staticmethod
    def backward(ctx, g):
        return g, None

class QLinear(nn.Linear):
    def __init__(self, i, o, bits):
        super().__init__(i, o)
        self.bits = bits
    def forward(self, x):
        return F.linear(Quant.apply(x, 8), Quant.apply(self.weight, self.bits), self.bias)

torch.manual_seed(45)
d = load_digits()
X = torch.tensor(d.data, dtype=torch.float32)
X = (X - X.mean()) / X.std()
Y = torch.tensor(d.target)
p = torch.randperm(len(X)); X, Y = X[p], Y[p]
net = nn.Sequential(QLinear(64, 96, 4), nn.ReLU(), QLinear(96, 96, 4), nn.ReLU(), QLinear(96, 10, 4))
opt = torch.optim.AdamW(net.parameters(), lr=1e-3, weight_decay=0.05)
sched = torch.optim.lr_scheduler.CosineAnnealingLR(opt, 2400)
for step in range(2400):
    i = torch.randint(0, 1400, (32,))
    loss = F.cross_entropy(net(X[i] + 0.4 * torch.randn(32, 64)), Y[i])
    opt.zero_grad(); loss.backward(); opt.step(); sched.step()
    if step % 240 == 239:
        with torch.no_grad():
            o = net(X[1400:])
        print(step + 1, f'train {loss.item():.3f} test {F.cross_entropy(o, Y[1400:]).item():.3f} acc {(o.argmax(1) == Y[1400:]).float().mean().item():.3f}')

import torch
from torch import nn
from sklearn.datasets import load_digits


class Fake(torch.autograd.Function):
    @staticmethod
    def forward(ctx, w, bits):
        s = w.abs().max() / (2 ** (bits - 1) - 1)
        return torch.round(w / s) * s

    @staticmethod
    def backward(ctx, g):
        return g, None


class QLinear(nn.Linear):
    def forward(self, x):
        return nn.functional.linear(x, Fake.apply(self.weight, 4), self.bias)


torch.manual_seed(71)
X, y = load_digits(return_X_y=True)
X = torch.tensor(X, dtype=torch.float32)
X = (X - X.mean()) / X.std()
y = torch.tensor(y)
net = nn.Sequential(QLinear(64, 64), nn.ReLU(), QLinear(64, 32), nn.ReLU(), QLinear(32, 10))
opt = torch.optim.Adam(net.parameters(), lr=2e-3)
sched = torch.optim.lr_scheduler.MultiStepLR(opt, [800, 1100], 0.2)
for s in range(1300):
    i = torch.randint(0, 1400, (64,))
    loss = nn.functional.cross_entropy(net(X[i]), y[i])
    opt.zero_grad()
    loss.backward()
    opt.step()
    sched.step()
    if s % 150 == 0:
        print("step", s, "loss", round(loss.item(), 4))
with torch.no_grad():
    print("4-bit accuracy", (net(X[1400:]).argmax(1) == y[1400:]).float().mean().item())

import torch
from torch import nn
import torch.nn.functional as F
from sklearn.datasets import load_digits


class RoundSTE(torch.autograd.Function):
    @staticmethod
    def forward(ctx, w, scale):
        return torch.clamp(torch.round(w / scale), -7, 7) * scale

    @staticmethod
    def backward(ctx, g):
        return g, None


def q(w):
    return RoundSTE.apply(w, w.detach().abs().max() / 7 + 1e-8)


class QConv(nn.Conv2d):
    def forward(self, x):
        return self._conv_forward(x, q(self.weight), self.bias)


class QLinear(nn.Linear):
    def forward(self, x):
        return F.linear(x, q(self.weight), self.bias)


torch.manual_seed(128)
d = load_digits()
X = torch.tensor(d.images, dtype=torch.float32)[:, None] / 8 - 1
Y = torch.tensor(d.target)
p = torch.randperm(len(X))
X, Y = X[p], Y[p]
net = nn.Sequential(QConv(1, 16, 3, padding=1), nn.ReLU(), QConv(16, 24, 3, stride=2, padding=1), nn.ReLU(), nn.Flatten(), QLinear(384, 10))
opt = torch.optim.Adam(net.parameters(), lr=2e-3)
for e in range(15):
    for b in torch.randperm(1400).split(40):
        loss = F.cross_entropy(net(X[b]), Y[b])
        opt.zero_grad()
        loss.backward()
        opt.step()
    with torch.no_grad():
        o = net(X[1400:])
    print(f"{e + 1}: {loss.item():.4f} val {F.cross_entropy(o, Y[1400:]).item():.4f} acc {(o.argmax(1) == Y[1400:]).float().mean().item():.4f}")

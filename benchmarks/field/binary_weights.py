import torch
from torch import nn
import torch.nn.functional as F
from sklearn.datasets import load_digits


class Quant(torch.autograd.Function):
    @staticmethod
    def forward(ctx, w):
        s = w.abs().mean() * 1.5
        return torch.clamp(torch.round(w / s), -1, 1) * s

    @staticmethod
    def backward(ctx, g):
        return g


class QLinear(nn.Linear):
    def forward(self, x):
        return F.linear(x, Quant.apply(self.weight), self.bias)


torch.manual_seed(54)
d = load_digits()
X = torch.tensor(d.data).float().sub(4.88).div(6.02)
y = torch.tensor(d.target)
perm = torch.randperm(len(y))
tr, va = perm[:1400], perm[1400:]
model = nn.Sequential(QLinear(64, 96), nn.LayerNorm(96), nn.ReLU(), QLinear(96, 48), nn.LayerNorm(48), nn.ReLU(), nn.Linear(48, 10))
optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
total = 35 * 35
scheduler = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda s: min(1.0, (s + 1) / 50) * (1 - 0.95 * s / total))
for epoch in range(35):
    for i in tr[torch.randperm(1400)].split(40):
        loss = F.cross_entropy(model(X[i]), y[i])
        optimizer.zero_grad(); loss.backward(); optimizer.step(); scheduler.step()
    if epoch % 5 == 4:
        with torch.no_grad():
            o = model(X[va])
        print(epoch + 1, f'train {loss.item():.4f} val {F.cross_entropy(o, y[va]).item():.4f} acc {(o.argmax(1) == y[va]).float().mean().item():.3f}')

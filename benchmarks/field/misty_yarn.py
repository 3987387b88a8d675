import torch
import torch.nn as nn
import torch.nn.functional as F
from sklearn.datasets import load_digits

torch.manual_seed(41)
d = load_digits()
x = torch.tensor(d.data, dtype=torch.float32) / 16
y = torch.tensor(d.target)
perm = torch.randperm(len(x))
x, y = x[perm], y[perm]
xl, yl, xu, xt, yt = x[:150], y[:150], x[150:1300], x[1300:], y[1300:]


class MLP(nn.Module):
    def __init__(self):
        super().__init__()
        self.l1, self.n1 = nn.Linear(64, 128, bias=False), nn.BatchNorm1d(128)
        self.l2, self.n2 = nn.Linear(128, 64, bias=False), nn.BatchNorm1d(64)
        self.l3 = nn.Linear(64, 10)

    def forward(self, v):
        v = F.relu(self.n1(self.l1(v)))
        return self.l3(F.relu(self.n2(self.l2(v))))


def weak(v):
    return v + 0.05 * torch.randn_like(v)


def strong(v):
    return 3.0 * (v + 0.15 * torch.randn_like(v)) + 1.0


model = MLP()
opt = torch.optim.SGD(model.parameters(), lr=0.05, momentum=0.9)
for step in range(800):
    model.train()
    bl, bu = torch.randint(0, 150, (32,)), torch.randint(0, 1150, (64,))
    sup = F.cross_entropy(model(weak(xl[bl])), yl[bl])
    with torch.no_grad():
        target = F.softmax(model(weak(xu[bu])), 1)
    cons = F.mse_loss(F.softmax(model(strong(xu[bu])), 1), target)
    loss = sup + 2.0 * min(1, step / 300) * cons
    opt.zero_grad()
    loss.backward()
    opt.step()
    if step % 100 == 0:
        print(step, f"supervised {sup.item():.4f} consistency {cons.item():.4f}")
model.eval()
with torch.no_grad():
    o = model(xt)
print("test loss %.4f accuracy %.4f" % (F.cross_entropy(o, yt), (o.argmax(1) == yt).float().mean()))

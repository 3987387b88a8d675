import torch
import torch.nn as nn

torch.set_num_threads(1)
torch.manual_seed(27)


def make(n):
    x = torch.randn(n, 20, 2)
    y = ((x[:, :, 0] * (x[:, :, 1] > 0)).sum(1) > 0).float()
    return x, y


class GatedCell(nn.Module):
    def __init__(self, i, h, gate_bias):
        super().__init__()
        self.h = h
        self.ux, self.uh = nn.Linear(i, h), nn.Linear(h, h, bias=False)
        self.cx, self.ch = nn.Linear(i, h), nn.Linear(h, h, bias=False)
        nn.init.constant_(self.ux.bias, gate_bias)

    def forward(self, x):
        s = x.new_zeros(x.shape[0], self.h)
        for t in range(x.shape[1]):
            keep = torch.sigmoid(self.ux(x[:, t]) + self.uh(s))
            cand = torch.tanh(self.cx(x[:, t]) + self.ch(s))
            s = keep * s + (1 - keep) * cand
        return s


class Classifier(nn.Module):
    def __init__(self):
        super().__init__()
        self.cell = GatedCell(2, 32, gate_bias=9.0)
        self.read = nn.Linear(32, 1)

    def forward(self, x):
        return self.read(self.cell(x)).squeeze(1)


net = Classifier()
xv, yv = make(1500)
opt = torch.optim.Adam(net.parameters(), lr=2e-3)
bce = nn.BCEWithLogitsLoss()
for step in range(1, 1201):
    x, y = make(50)
    loss = bce(net(x), y)
    opt.zero_grad()
    loss.backward()
    opt.step()
    if step % 100 == 0:
        with torch.no_grad():
            o = net(xv)
        print(step, '%.4f' % loss.item(), '%.4f' % bce(o, yv).item(), '%.3f' % ((o > 0) == (yv > 0.5)).float().mean().item())

import torch
from torch import nn

torch.manual_seed(24)
gain = 1.3


class Cell(nn.Module):
    def __init__(self, n_in, n_h):
        super().__init__()
        self.inp = nn.Linear(n_in, n_h)
        self.rec = nn.Linear(n_h, n_h, bias=False)
        nn.init.eye_(self.rec.weight)
        self.rec.weight.data.mul_(gain)

    def forward(self, x, h):
        return torch.relu(self.inp(x) + self.rec(h))


cell, read = Cell(1, 32), nn.Linear(32, 1)
params = list(cell.parameters()) + list(read.parameters())
opt = torch.optim.Adam(params, lr=1e-3)


def series(n, T=30):
    amp = torch.rand(n, 1) * 2
    s = amp * torch.randn(n, T)
    return s, (s.abs().mean(1, keepdim=True) - 0.8) / 0.46


def predict(s):
    h = torch.zeros(len(s), 32)
    for t in range(s.size(1)):
        h = cell(s[:, t:t + 1], h)
    return read(h)


for it in range(700):
    s, y = series(50)
    loss = (predict(s) - y).pow(2).mean()
    opt.zero_grad()
    loss.backward()
    opt.step()
    if it % 100 == 0:
        print(it, loss.item())
with torch.no_grad():
    s, y = series(2000)
    print("test mse", (predict(s) - y).pow(2).mean().item())

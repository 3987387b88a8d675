import torch
from torch import nn

torch.manual_seed(10)


class Cell(nn.Module):
    def __init__(self, n_in, n_h):
        super().__init__()
        self.xz, self.hz = nn.Linear(n_in, n_h), nn.Linear(n_h, n_h, bias=False)
        self.xr, self.hr = nn.Linear(n_in, n_h), nn.Linear(n_h, n_h, bias=False)
        self.xn, self.hn = nn.Linear(n_in, n_h), nn.Linear(n_h, n_h, bias=False)
        with torch.no_grad():
            self.xz.bias.fill_(9.0)
            self.xr.bias.fill_(9.0)

    def forward(self, x, h):
        z = torch.sigmoid(self.xz(x) + self.hz(h))
        r = torch.sigmoid(self.xr(x) + self.hr(h))
        n = torch.tanh(self.xn(x) + self.hn(r * h))
        return z * h + (1 - z) * n


class Model(nn.Module):
    def __init__(self, n_h=32):
        super().__init__()
        self.cell = Cell(2, n_h)
        self.read = nn.Linear(n_h, 1)
        self.n_h = n_h

    def forward(self, x):
        h = x.new_zeros(x.size(0), self.n_h)
        for t in range(x.size(1)):
            h = self.cell(x[:, t], h)
        return self.read(h).squeeze(-1)


def batch(n, T=10):
    x = torch.rand(n, T, 2)
    x[..., 1] = (x[..., 1] > 0.6).float()
    return x, (x[..., 0] * x[..., 1]).sum(1) - 0.2 * T


m = Model()
opt = torch.optim.Adam(m.parameters(), lr=2e-3)
xv, yv = batch(500)
for step in range(1, 801):
    x, y = batch(32)
    loss = ((m(x) - y) ** 2).mean()
    opt.zero_grad()
    loss.backward()
    nn.utils.clip_grad_norm_(m.parameters(), 1.0)
    opt.step()
    if step % 100 == 0:
        with torch.no_grad():
            print(f"step {step:4d}  loss {loss.item():.4f}  val {((m(xv) - yv) ** 2).mean().item():.4f}")

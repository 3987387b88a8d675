import torch
import torch.nn as nn
torch.manual_seed(6)
class Cell(nn.Module):
    def __init__(self, i, h):
        super().__init__()
        self.wx = nn.Parameter(torch.randn(i, h) * 8.0)
        self.wh = nn.Parameter(torch.nn.init.orthogonal_(torch.empty(h, h)))
        self.b = nn.Parameter(torch.zeros(h))
    def forward(self, x, h):
        return torch.tanh(x @ self.wx + h @ self.wh + self.b)
cell, out = Cell(2, 40), nn.Linear(40, 1)
def gen(n, T=12):
    x = torch.randn(n, T, 2)
    return x, (x[:, :, 0] * 0.8 ** torch.arange(T).flip(0)).sum(1, keepdim=True) / 1.6
def run(x):
    h = torch.zeros(len(x), 40)
    for t in range(x.shape[1]): h = cell(x[:, t], h)
    return out(h)
params = list(cell.parameters()) + list(out.parameters())
opt = torch.optim.Adam(params, lr=2e-3)
for s in range(900):
    x, y = gen(64)
    loss = nn.functional.mse_loss(run(x), y)
    opt.zero_grad(); loss.backward()
    opt.step()
    if s % 90 == 0: print(s, '%.4f' % loss.item())
with torch.no_grad():
    x, y = gen(1000); xv, yv = gen(1000)
    print('train %.4f held-out %.4f' % (nn.functional.mse_loss(run(x), y), nn.functional.mse_loss(run(xv), yv)))

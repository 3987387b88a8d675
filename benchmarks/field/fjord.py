import torch
import torch.nn as nn
torch.manual_seed(2)
def series(n, T=24):
    p = torch.rand(n, 1) * 6.28
    w = 0.3 + 0.5 * torch.rand(n, 1)
    t = torch.arange(T + 1.)
    s = torch.sin(w * t + p) + 0.05 * torch.randn(n, T + 1)
    return s[:, :-1, None], s[:, 1:, None]
class F(nn.Module):
    def __init__(self):
        super().__init__()
        self.g = nn.GRU(1, 32, batch_first=True)
        self.o = nn.Linear(32, 1)
    def forward(self, x):
        return self.o(self.g(x)[0])
f = F()
opt = torch.optim.SGD(f.parameters(), lr=0.001, momentum=0.9)
xv, yv = series(500)
mse = nn.MSELoss()
for i in range(600):
    x, y = series(32)
    loss = mse(f(x)[:, 4:], y[:, 4:])
    opt.zero_grad(); loss.backward()
    opt.step()
    if i % 60 == 0: print(i, round(loss.item(), 5))
with torch.no_grad():
    xt, yt = series(500)
    print('train', round(mse(f(xt)[:, 4:], yt[:, 4:]).item(), 5), 'held-out', round(mse(f(xv)[:, 4:], yv[:, 4:]).item(), 5))

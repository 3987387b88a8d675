import torch
import torch.nn as nn
torch.manual_seed(2)
def seqs(n, T=16):
    a = torch.randn(n, 1) ; w = 0.4 + 0.4 * torch.rand(n, 1)
    t = torch.arange(T + 1.)
    s = a * torch.sin(w * t + 6.28 * torch.rand(n, 1))
    x = s + 0.8 * torch.randn(n, T + 1)
    return x[:, :-1, None], x[:, -1:], s[:, -1:]
class G(nn.Module):
    def __init__(self):
        super().__init__()
        self.r = nn.GRU(1, 24, batch_first=True); self.o = nn.Linear(24, 1)
    def forward(self, x):
        return self.o(self.r(x)[0][:, -1])
g = G()
opt = torch.optim.Adam(g.parameters(), lr=1e-2)
size = 1
xv, yv, sv = seqs(2000)
for k in range(1000):
    x, y, _ = seqs(size)
    loss = nn.functional.mse_loss(g(x), y)
    opt.zero_grad(); loss.backward(); opt.step()
    if k % 100 == 0: print(k, round(loss.item(), 4))
with torch.no_grad():
    xt, yt, _ = seqs(2000)
    print('train', round(nn.functional.mse_loss(g(xt), yt).item(), 4), 'held-out', round(nn.functional.mse_loss(g(xv), yv).item(), 4), 'to noiseless', round(nn.functional.mse_loss(g(xv), sv).item(), 4))

import torch
from torch import nn
torch.set_num_threads(1)
torch.manual_seed(39)
def make(n, L=8):
    x = torch.randn(n, L, 5)
    ln = torch.randint(0, L + 1, (n,)).clamp(min=0)
    m = torch.arange(L)[None] < ln[:, None]
    y = (x[..., 0] * m).sum(1) / ln.clamp(min=1)
    return x, m, y
class Pool(nn.Module):
    def __init__(self):
        super().__init__()
        self.v = nn.Sequential(nn.Linear(5, 32), nn.ReLU(), nn.Linear(32, 16)); self.s = nn.Linear(5, 1); self.o = nn.Linear(16, 1)
    def forward(self, x, m):
        a = self.s(x)[..., 0].masked_fill(~m, float("-inf")).softmax(1)
        return self.o((a[..., None] * self.v(x)).sum(1))[:, 0]
x, m, y = make(2000); xv, mv, yv = make(500)
net = Pool()
opt = torch.optim.Adam(net.parameters(), lr=3e-3)
for it in range(600):
    k = torch.randint(0, 2000, (4,))
    l = (net(x[k], m[k]) - y[k]).pow(2).mean()
    opt.zero_grad(); l.backward(); opt.step()
    if it % 100 == 0: print(it, l.item())
with torch.no_grad():
    print("train", (net(x, m) - y).pow(2).mean().item(), "val", (net(xv, mv) - yv).pow(2).mean().item())

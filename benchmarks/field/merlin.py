import math, torch
from torch import nn
torch.set_num_threads(1)
torch.manual_seed(53)
def signals(n):
    y = torch.randint(0, 3, (n,))
    t = torch.arange(64.)
    f = torch.tensor([0.15, 0.3, 0.5])[y][:, None]
    x = torch.sin(f * t + 6.28 * torch.rand(n, 1)) + 0.5 * torch.randn(n, 64)
    return 20 + 8 * x[:, None], y
def prep(x):
    return (x - 20) / 8
class TCN(nn.Module):
    def __init__(self):
        super().__init__()
        self.f = nn.Sequential(nn.Conv1d(1, 16, 7, 2, bias=False), nn.BatchNorm1d(16), nn.ReLU(), nn.Conv1d(16, 16, 5, 2, bias=False), nn.BatchNorm1d(16), nn.ReLU())
        self.h = nn.Linear(16, 3)
    def forward(self, x):
        return self.h(self.f(x).mean(2))
X, Y = signals(2000); V, U = signals(600)
Xn = prep(X)
Vn = V
m = TCN()
opt = torch.optim.AdamW(m.parameters(), lr=3e-3)
for it in range(400):
    if it % 50 == 0:
        m.eval()
        with torch.no_grad():
            o = m(Vn)
            v = nn.functional.cross_entropy(o, U).item()
        m.train()
    k = torch.randint(0, 2000, (40,))
    l = nn.functional.cross_entropy(m(Xn[k]), Y[k])
    opt.zero_grad(); l.backward(); opt.step()
    if it % 50 == 0: print(it, l.item(), v)
m.eval()
with torch.no_grad():
    o = m(Vn)
    print("train", l.item(), "val", nn.functional.cross_entropy(o, U).item(), "acc", (o.argmax(1) == U).float().mean().item())

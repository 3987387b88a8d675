import torch
from torch import nn
torch.set_num_threads(1); torch.manual_seed(14)
X = torch.randn(3000, 8); R = torch.sin(X[:, 0] * 2) + X[:, 1]; C = (X[:, 2] * X[:, 3] + X[:, 4] > 0).float()
class MT(nn.Module):
    def __init__(self):
        super().__init__()
        self.b = nn.Sequential(nn.Linear(8, 64), nn.ReLU(), nn.Linear(64, 64), nn.ReLU())
        self.r, self.c = nn.Linear(64, 1), nn.Linear(64, 1)
        self.s = nn.Parameter(torch.zeros(2))
    def forward(self, x):
        h = self.b(x); return self.r(h)[:, 0], self.c(h)[:, 0]
    def losses(self, x, r, c):
        a, b = self(x); return nn.functional.mse_loss(a, r), nn.functional.binary_cross_entropy_with_logits(b, c)
m = MT(); opt = torch.optim.Adam(m.parameters(), lr=2e-3)
for it in range(1200):
    k = torch.randint(0, 2500, (64,)); a, b = m.losses(X[k], R[k], C[k])
    l = torch.exp(-m.s[0]) * a / 2 + torch.exp(-m.s[1]) * b + m.s[0] / 2 + m.s[1] / 2
    opt.zero_grad(); l.backward(); opt.step()
    if it % 200 == 0: print(it, l.item(), a.item(), b.item())
with torch.no_grad():
    a, b = m.losses(X[2500:], R[2500:], C[2500:]); print("train total", l.item(), "held-out mse", a.item(), "held-out bce", b.item())

import torch, torch.nn as nn
torch.manual_seed(504)
X = torch.randn(4000, 10)
ya = torch.sin(X[:, 0]) + X[:, 1] * X[:, 2]; yb = ya + 0.8 * torch.tanh(X[:, 3] - X[:, 0])
base = nn.Sequential(nn.Linear(10, 64), nn.GELU(), nn.Linear(64, 64), nn.GELU(), nn.Linear(64, 1))
opt = torch.optim.Adam(base.parameters(), lr=2e-3)
for s in range(500):
    i = torch.randint(0, 3200, (64,)); l = nn.functional.mse_loss(base(X[i])[:, 0], ya[i]); opt.zero_grad(); l.backward(); opt.step()
print("base", l.item())
class LoRA(nn.Module):
    def __init__(self, lin, r=4):
        super().__init__(); self.lin = lin.requires_grad_(False); self.A = nn.Parameter(torch.randn(r, lin.in_features) / lin.in_features ** 0.5); self.B = nn.Parameter(torch.zeros(lin.out_features, r))
    def forward(self, x): return self.lin(x) + x @ self.A.T @ self.B.T
net = nn.Sequential(LoRA(base[0]), base[1], LoRA(base[2]), base[3], LoRA(base[4]))
opt = torch.optim.AdamW([p for p in net.parameters() if p.requires_grad], lr=5e-3)
for s in range(700):
    i = torch.randint(0, 3200, (64,)); l = nn.functional.mse_loss(net(X[i])[:, 0], yb[i]); opt.zero_grad(); l.backward(); opt.step()
    if s % 100 == 99:
        with torch.no_grad(): print(s + 1, "%.4f" % l.item(), "test %.4f" % nn.functional.mse_loss(net(X[3200:])[:, 0], yb[3200:]).item())

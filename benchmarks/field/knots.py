import torch, torch.nn as nn
torch.manual_seed(27)
n = 600; y = torch.arange(n) % 3; P = torch.where(y[:, None] == y[None], 0.04, 0.012)
A = (torch.rand(n, n) < P).float().triu(1); A = A + A.T + torch.eye(n); dg = A.sum(1).rsqrt(); A = dg[:, None] * A * dg[None]
X = torch.randn(3, 12)[y] * 0.6 + torch.randn(n, 12)
perm = torch.randperm(n); tr, te = perm[:400], perm[400:]
class GCN(nn.Module):
    def __init__(self):
        super().__init__(); self.a = nn.Linear(12, 16); self.b = nn.Linear(16, 3); self.d = nn.Dropout(0.3)
    def forward(self, x): return self.b(A @ self.d(torch.relu(self.a(A @ x))))
net = GCN(); opt = torch.optim.Adam(net.parameters(), lr=0.02, weight_decay=2e-3); ce = nn.CrossEntropyLoss()
for s in range(300):
    net.train(); l = ce(net(X)[tr], y[tr]); opt.zero_grad(); l.backward(); opt.step()
    if s % 30 == 0: print(s, '%.4f' % l.item())
net.eval()
with torch.no_grad(): o = net(X); print('train %.4f held-out %.4f acc %.4f' % (ce(o[tr], y[tr]), ce(o[te], y[te]), (o[te].argmax(1) == y[te]).float().mean()))

import torch
import torch.nn as nn
import torch.nn.functional as F

torch.manual_seed(26)
N, K, Fd = 900, 4, 16
cls = torch.arange(N) % K
prob = torch.where(cls[:, None] == cls[None], 0.03, 0.004)
A = torch.triu((torch.rand(N, N) < prob).float(), 1)
A = A + A.t() + torch.eye(N)
deg = A.sum(1)
A = A / (deg[:, None] * deg[None]).sqrt()
proto = torch.randn(K, Fd)
X = proto[cls] * 0.5 + torch.randn(N, Fd)
perm = torch.randperm(N)
tr, va = perm[:500], perm[500:]


class GCN(nn.Module):
    def __init__(self, h=24):
        super().__init__()
        self.w1 = nn.Linear(Fd, h)
        self.w2 = nn.Linear(h, K)

    def forward(self, x):
        x = F.dropout(x, 0.3, self.training)
        x = F.relu(A @ self.w1(x))
        x = F.dropout(x, 0.5, self.training)
        return A @ self.w2(x)


g = GCN()
opt = torch.optim.Adam(g.parameters(), lr=5e-3, weight_decay=5e-3)
for epoch in range(400):
    g.train()
    loss = F.cross_entropy(g(X)[tr], cls[tr])
    opt.zero_grad()
    loss.backward()
    opt.step()
    if epoch % 40 == 39:
        g.eval()
        with torch.no_grad():
            o = g(X)
        print(f"epoch {epoch + 1} train {loss.item():.4f} valid {F.cross_entropy(o[va], cls[va]).item():.4f} acc {(o[va].argmax(1) == cls[va]).float().mean().item():.4f}")

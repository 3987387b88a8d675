import torch
from torch import nn
import torch.nn.functional as F

torch.manual_seed(129)
N, C = 300, 3
y = torch.arange(N) % C
same = y[:, None] == y[None]
A = (torch.rand(N, N) < torch.where(same, 0.08, 0.012)).float().triu(1)
A = A + A.T + torch.eye(N)
dinv = A.sum(1).rsqrt()
A = dinv[:, None] * A * dinv[None]
X = torch.randn(N, 16) + 0.6 * F.one_hot(y, 16).float()
perm = torch.randperm(N)
tr, va = perm[:90], perm[90:]


class GCN(nn.Module):
    def __init__(self, i, h, o):
        super().__init__()
        self.w1, self.w2 = nn.Linear(i, h), nn.Linear(h, o)
        self.drop = nn.Dropout(0.5)

    def forward(self, x):
        x = F.relu(A @ self.w1(x))
        return A @ self.w2(self.drop(x))


net = GCN(16, 32, C)
opt = torch.optim.Adam(net.parameters(), lr=1e-2, weight_decay=5e-3)
for epoch in range(1, 301):
    net.train()
    loss = F.cross_entropy(net(X)[tr], y[tr])
    opt.zero_grad()
    loss.backward()
    opt.step()
    if epoch % 30 == 0:
        net.eval()
        with torch.no_grad():
            o = net(X)[va]
        print(f"epoch {epoch} loss {loss.item():.4f} val {F.cross_entropy(o, y[va]).item():.4f} acc {(o.argmax(1) == y[va]).float().mean().item():.4f}")

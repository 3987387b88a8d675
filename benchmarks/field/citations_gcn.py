import torch
from torch import nn
import torch.nn.functional as F

torch.manual_seed(38)
N, K, FE = 600, 5, 40
KEEP = 0.95
lab = torch.randint(0, K, (N,))
same = lab[:, None] == lab[None]
A = (torch.rand(N, N) < torch.where(same, 0.035, 0.008)).float().triu(1)
A = A + A.T + torch.eye(N)
deg = A.sum(1)
A = A / (deg[:, None] * deg[None]).sqrt()
X = torch.randn(K, FE)[lab] * 0.5 + torch.randn(N, FE)
perm = torch.randperm(N)
tr, va = perm[:300], perm[300:]


class GCN(nn.Module):
    def __init__(self, h=32):
        super().__init__()
        self.w1, self.w2, self.w3 = nn.Linear(FE, h), nn.Linear(h, h), nn.Linear(h, K)
        self.drop = nn.Dropout(KEEP)

    def forward(self, x):
        x = F.relu(A @ self.w1(self.drop(x)))
        x = F.relu(A @ self.w2(self.drop(x)))
        return A @ self.w3(self.drop(x))


gcn = GCN()
opt = torch.optim.Adam(gcn.parameters(), lr=3e-3, weight_decay=1e-3)
for epoch in range(400):
    gcn.train()
    loss = F.cross_entropy(gcn(X)[tr], lab[tr])
    opt.zero_grad()
    loss.backward()
    opt.step()
    if epoch % 40 == 39:
        gcn.eval()
        with torch.no_grad():
            o = gcn(X)[va]
        print(f'epoch {epoch + 1} train {loss.item():.4f} val {F.cross_entropy(o, lab[va]).item():.4f} acc {(o.argmax(1) == lab[va]).float().mean().item():.3f}')

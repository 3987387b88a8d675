import numpy as np
import torch
from torch import nn

rs = np.random.RandomState(5)
torch.manual_seed(5)
n, k = 600, 4
comm = rs.randint(0, k, n)
prob = np.where(comm[:, None] == comm[None], 0.04, 0.006)
A = np.triu(rs.rand(n, n) < prob, 1)
A = torch.tensor(A | A.T).float() + torch.eye(n)
dinv = A.sum(1).rsqrt()
A = dinv[:, None] * A * dinv[None]
feat = torch.tensor(np.eye(k)[comm] * 0.7 + rs.randn(n, k)).float()
feat = torch.cat([feat, torch.randn(n, 6)], 1)
y = torch.tensor(comm)
train = torch.tensor(rs.rand(n) < 0.5)


class GCN(nn.Module):
    def __init__(self, i, h, o):
        super().__init__()
        self.a, self.b, self.drop = nn.Linear(i, h), nn.Linear(h, o), nn.Dropout(0.3)

    def forward(self, x):
        x = torch.relu(A @ self.a(x))
        return A @ self.b(self.drop(x))


gcn = GCN(10, 16, k)
opt = torch.optim.Adagrad(gcn.parameters(), lr=0.05)
for ep in range(600):
    gcn.train()
    opt.zero_grad()
    loss = nn.functional.cross_entropy(gcn(feat)[train], y[train])
    loss.backward()
    opt.step()
    if ep % 50 == 0 or ep == 599:
        gcn.eval()
        acc = (gcn(feat).argmax(1) == y)[~train].float().mean().item()
        print(f"epoch {ep} loss {loss.item():.4f} test acc {acc:.3f}")

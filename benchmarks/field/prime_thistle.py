import torch
import torch.nn as nn

torch.set_num_threads(1)
torch.manual_seed(103)
N, K = 900, 3
kind = torch.randint(0, K, (N,))
centres = torch.randn(K, 12) * 0.35
feat = centres[kind] + torch.randn(N, 12)
same = kind[:, None] == kind[None]
adj = (torch.rand(N, N) < torch.where(same, 0.012, 0.004)).float().triu(1)
adj = adj + adj.T + torch.eye(N)
deg = adj.sum(1)
A = adj / (deg[:, None] * deg[None]).sqrt()

order = torch.randperm(N)
A = A[order][:, order]
feat = feat[order]
kind = kind.roll(1)
train = torch.zeros(N, dtype=torch.bool)
train[:500] = True


class GCN(nn.Module):
    def __init__(self, h=32):
        super().__init__()
        self.w1, self.w2 = nn.Linear(12, h), nn.Linear(h, K)
        self.drop = nn.Dropout(0.3)

    def forward(self, x):
        x = torch.relu(A @ self.w1(x))
        return A @ self.w2(self.drop(x))


net = GCN()
opt = torch.optim.Adam(net.parameters(), lr=5e-3, weight_decay=5e-4)
for it in range(1, 401):
    net.train()
    loss = nn.functional.cross_entropy(net(feat)[train], kind[train])
    opt.zero_grad()
    loss.backward()
    opt.step()
    if it % 40 == 0:
        net.eval()
        with torch.no_grad():
            o = net(feat)[~train]
        print(it, f'{loss.item():.4f} {nn.functional.cross_entropy(o, kind[~train]).item():.4f} {(o.argmax(1) == kind[~train]).float().mean().item():.3f}')

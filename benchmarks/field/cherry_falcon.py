import torch
import torch.nn as nn
import torch.nn.functional as F


def build(n=1200, k=3, dim=12, seed=0):
    g = torch.Generator().manual_seed(seed)
    block = torch.randint(0, k, (n,), generator=g)
    p = torch.where(block[:, None] == block[None], 0.02, 0.003)
    up = torch.triu((torch.rand(n, n, generator=g) < p).float(), 1)
    adj = up + up.t() + torch.eye(n)
    feat = 0.6 * torch.randn(k, dim, generator=g)[block] + torch.randn(n, dim, generator=g)
    order = torch.randperm(n, generator=g)
    adj, feat = adj[order][:, order], feat[order]
    block = block[order.argsort()]
    return adj / adj.sum(1, keepdim=True), feat, block


class GraphNet(nn.Module):
    def __init__(self, dim=12, h=24, k=3):
        super().__init__()
        self.self1, self.neigh1 = nn.Linear(dim, h), nn.Linear(dim, h, bias=False)
        self.self2, self.neigh2 = nn.Linear(h, k), nn.Linear(h, k, bias=False)

    def forward(self, a, x):
        h = F.relu(self.self1(x) + self.neigh1(a @ x))
        h = F.dropout(h, 0.4, self.training)
        return self.self2(h) + self.neigh2(a @ h)


torch.manual_seed(1)
adj, feat, block = build()
train, valid = torch.arange(0, 800), torch.arange(800, 1200)
net = GraphNet()
opt = torch.optim.AdamW(net.parameters(), lr=5e-3, weight_decay=0.05)
for epoch in range(400):
    net.train()
    loss = F.cross_entropy(net(adj, feat)[train], block[train])
    opt.zero_grad()
    loss.backward()
    opt.step()
    if epoch % 40 == 39:
        net.eval()
        with torch.no_grad():
            o = net(adj, feat)[valid]
            print(f"epoch {epoch + 1} train {loss.item():.4f} valid {F.cross_entropy(o, block[valid]).item():.4f} acc {(o.argmax(1) == block[valid]).float().mean().item():.4f}")

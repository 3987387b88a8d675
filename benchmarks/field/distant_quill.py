import torch
import torch.nn.functional as F

torch.manual_seed(40)
# planted partition graph with weak node features
n, k = 600, 4
comm = torch.arange(n) % k
prob = torch.where(comm[:, None] == comm[None], 0.06, 0.012)
A = (torch.rand(n, n) < prob).float().triu(1)
A = A + A.T + torch.eye(n)
dinv = A.sum(1).rsqrt()
A = dinv[:, None] * A * dinv[None]
feat = torch.randn(n, 24)
feat[:, :k] += 1.0 * F.one_hot(comm, k)
idx = torch.randperm(n)
train, test = idx[:300], idx[300:]


class GraphConv(torch.nn.Module):
    def __init__(self, a, b):
        super().__init__()
        self.lin = torch.nn.Linear(a, b)

    def forward(self, h):
        return A @ self.lin(h)


class GCN(torch.nn.Module):
    def __init__(self, classes):
        super().__init__()
        self.g1, self.g2 = GraphConv(24, 32), GraphConv(32, 16)
        self.classify = torch.nn.Linear(16, classes)

    def forward(self, h):
        h = F.relu(self.g1(h))
        h = F.relu(self.g2(h))
        return self.classify(h)


gcn = GCN(classes=2)
opt = torch.optim.Adam(gcn.parameters(), lr=1e-3)
# the graph has four communities, and a narrower body is enough for them
gcn.g1 = GraphConv(24, 8)
gcn.g2 = GraphConv(8, 4)
gcn.classify = torch.nn.Linear(4, k)
opt.add_param_group({"params": gcn.classify.parameters(), "lr": 1e-3})
for epoch in range(900):
    opt.zero_grad()
    loss = F.cross_entropy(gcn(feat)[train], comm[train])
    loss.backward()
    opt.step()
    if epoch % 150 == 149:
        with torch.no_grad():
            o = gcn(feat)
        print(epoch + 1, f"loss {loss.item():.4f} test acc {(o[test].argmax(1) == comm[test]).float().mean().item():.4f}")

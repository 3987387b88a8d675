import torch
from torch import nn

torch.manual_seed(6)
n, k = 600, 5
comm = torch.randint(0, k, (n,))
prob = torch.where(comm[:, None] == comm[None], 0.06, 0.012)
adj = (torch.rand(n, n) < prob).float().triu(1)
adj = adj + adj.T + torch.eye(n)
deg = adj.sum(1)
A = adj / (deg[:, None] * deg[None]).sqrt()
feat = torch.randn(n, 24)
centre = torch.randn(k, 24)
feat = feat + 0.45 * centre[comm]
feat = (feat - feat.mean(0)) / feat.std(0)
mix = torch.randn(24, 24) / 24 ** 0.5
feat = feat @ mix


class GCN(nn.Module):
    def __init__(self):
        super().__init__()
        self.g1 = nn.Linear(24, 12)
        self.g2 = nn.Linear(12, 6)
        self.cls = nn.Linear(6, k)

    def forward(self, x):
        x = torch.tanh(self.g1(A @ x))
        x = torch.tanh(self.g2(A @ x))
        return self.cls(x)


net = GCN()
convs = list(net.g1.parameters()) + list(net.g2.parameters())
opt = torch.optim.Adam([{"params": convs, "lr": 2e-6}, {"params": net.cls.parameters(), "lr": 1e-2}])
train = torch.rand(n) < 0.5
for it in range(800):
    drop = feat * (torch.rand_like(feat) > 0.1)
    loss = nn.functional.cross_entropy(net(drop)[train], comm[train])
    opt.zero_grad()
    loss.backward()
    opt.step()
    if it % 100 == 0:
        print(it, round(loss.item(), 4))
with torch.no_grad():
    print("node accuracy", (net(feat).argmax(1) == comm)[~train].float().mean().item())

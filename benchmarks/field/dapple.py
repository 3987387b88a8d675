import torch
from torch import nn
torch.set_num_threads(1)
torch.manual_seed(49)
n, k = 400, 4
c = torch.randint(0, k, (n,))
P = torch.where(c[:, None] == c[None], 0.06, 0.006)
A = (torch.rand(n, n) < P).float().triu(1)
A = A + A.T
F_ = torch.nn.functional.one_hot(c, k).float() + 0.9 * torch.randn(n, k)
feats = torch.cat([F_, torch.randn(n, 6)], 1)
order = A.sum(1).argsort(descending=True)
A = A[order][:, order]
feats = feats[order]
A = A + torch.eye(n)
dn = A.sum(1).rsqrt()
An = dn[:, None] * A * dn[None]
mask = torch.rand(n) < 0.6
class GCN(nn.Module):
    def __init__(self, h=16):
        super().__init__()
        self.a = nn.Linear(10, h); self.b = nn.Linear(h, k)
    def forward(self):
        return An @ self.b(torch.relu(An @ self.a(feats)))
g = GCN()
opt = torch.optim.Adam(g.parameters(), lr=0.01, weight_decay=5e-3)
for it in range(300):
    o = g()
    l = nn.functional.cross_entropy(o[mask], c[mask])
    opt.zero_grad(); l.backward(); opt.step()
    if it % 50 == 0: print(it, l.item())
with torch.no_grad():
    o = g()
    print("train", l.item(), "held-out", nn.functional.cross_entropy(o[~mask], c[~mask]).item(), "acc", (o.argmax(1) == c)[~mask].float().mean().item())

import torch
from torch import nn

torch.manual_seed(101)
U, I, K = 300, 200, 4
pu, qi = torch.randn(U, K), torch.randn(I, K)
bu, bi = 0.5 * torch.randn(U), 0.5 * torch.randn(I)
n = 18000
u, i = torch.randint(0, U, (n,)), torch.randint(0, I, (n,))
r = (pu[u] * qi[i]).sum(1) / K ** 0.5 + bu[u] + bi[i] + 0.2 * torch.randn(n)
ut, it_, rt = u[:15000], i[:15000], r[:15000]
uv, iv, rv = u[15000:], i[15000:], r[15000:]


class MF(nn.Module):
    def __init__(self, k=6):
        super().__init__()
        self.user = nn.Embedding(U, k, sparse=True)
        self.item = nn.Embedding(I, k, sparse=True)
        nn.init.normal_(self.user.weight, std=0.3)
        nn.init.normal_(self.item.weight, std=0.3)
        self.bu, self.bi = nn.Parameter(torch.zeros(U)), nn.Parameter(torch.zeros(I))

    def forward(self, u, i):
        return (self.user(u) * self.item(i)).sum(1) + self.bu[u] + self.bi[i]


m = MF()
o1 = torch.optim.SparseAdam([m.user.weight, m.item.weight], lr=1.2e-2)
o2 = torch.optim.Adam([m.bu, m.bi], lr=1.2e-2)
for epoch in range(15):
    tot = 0.0
    for b in torch.randperm(15000).split(100):
        loss = ((m(ut[b], it_[b]) - rt[b]) ** 2).mean()
        o1.zero_grad()
        o2.zero_grad()
        loss.backward()
        o1.step()
        o2.step()
        tot += loss.item() * len(b)
    with torch.no_grad():
        v = ((m(uv, iv) - rv) ** 2).mean()
    print(f"epoch {epoch + 1}: train mse {tot / 15000:.4f} val mse {v.item():.4f}")

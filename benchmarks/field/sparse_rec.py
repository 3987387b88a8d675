import torch
import torch.nn as nn
import torch.nn.functional as F

torch.manual_seed(22)
ITEMS, G = 400, 20
group = torch.arange(ITEMS) % G
members = [torch.nonzero(group == g)[:, 0] for g in range(G)]
M = torch.stack(members)

def co_clicks(n):
    g = torch.randint(0, G, (n,))
    a = M[g, torch.randint(0, M.size(1), (n,))]
    near = (g + torch.randint(-1, 2, (n,))) % G
    b = M[near, torch.randint(0, M.size(1), (n,))]
    return a, b

class SkipGram(nn.Module):
    def __init__(self, d=16):
        super().__init__()
        self.u = nn.Embedding(ITEMS, d, sparse=True)
        self.v = nn.Embedding(ITEMS, d, sparse=True)
        nn.init.normal_(self.u.weight, std=0.2)
        nn.init.normal_(self.v.weight, std=0.2)
    def forward(self, a, b, neg):
        pos = (self.u(a) * self.v(b)).sum(-1)
        ng = torch.einsum('nd,nkd->nk', self.u(a), self.v(neg))
        return -(F.logsigmoid(pos) + F.logsigmoid(-ng).sum(1)).mean()

m = SkipGram()
opt = torch.optim.SparseAdam(list(m.parameters()), lr=0.01)
va, vb = co_clicks(3000)
vn = torch.randint(0, ITEMS, (3000, 5))
for step in range(3000):
    a, b = co_clicks(128)
    loss = m(a, b, torch.randint(0, ITEMS, (128, 5)))
    opt.zero_grad(); loss.backward(); opt.step()
    if step % 300 == 0 or step == 2999:
        with torch.no_grad():
            e = F.normalize(m.u.weight, dim=1)
            s = e @ e.T - 2 * torch.eye(ITEMS)
            hit = ((group[s.argmax(1)] - group + 1) % G < 3).float().mean().item()
            print(step, f'loss {loss.item():.3f} held-out {m(va, vb, vn).item():.3f} neighbour hit {hit:.3f}')

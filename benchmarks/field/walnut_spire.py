import torch
from torch import nn
torch.manual_seed(122)
U, I, K = 3000, 2000, 8
tu, ti = torch.randn(U, 4), torch.randn(I, 4)
pop = torch.rand(I) ** 3
u = torch.randint(0, U, (200000,)); i = torch.multinomial(pop, 200000, replacement=True)
r = (tu[u] * ti[i]).sum(1) / 2 + 0.2 * torch.randn(200000)
eu, ei = nn.Embedding(U, K), nn.Embedding(I, K)
for e in (eu, ei):
    nn.init.normal_(e.weight, std=0.3)
opt = torch.optim.Adagrad([*eu.parameters(), *ei.parameters()], lr=0.15)
n = 180000
for ep in range(8):
    p = torch.randperm(n)
    for k in p.split(512):
        loss = ((eu(u[k]) * ei(i[k])).sum(1) - r[k]).pow(2).mean()
        opt.zero_grad(); loss.backward(); opt.step()
with torch.no_grad():
    f = lambda a, b: ((eu(u[a:b]) * ei(i[a:b])).sum(1) - r[a:b]).pow(2).mean().item()
    print('variance', r.var().item(), 'train mse', f(0, n), 'test mse', f(n, 200000))

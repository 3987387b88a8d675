import torch, torch.nn as nn
torch.manual_seed(10)
U, I, K = 300, 200, 4
gu, gi = torch.randn(U, K), torch.randn(I, K)
n = 60000
u, i = torch.randint(0, U, (n,)), torch.randint(0, I, (n,))
r = (gu[u] * gi[i]).sum(1) / 2 + 0.2 * torch.randn(n)
eu, ei = nn.Embedding(U, 4, sparse=True), nn.Embedding(I, 4, sparse=True)
nn.init.normal_(eu.weight, std=0.3); nn.init.normal_(ei.weight, std=0.3)
opt = torch.optim.SparseAdam([eu.weight, ei.weight], lr=0.01)
def mse(j): return ((eu(u[j]) * ei(i[j])).sum(1) - r[j]).square().mean()
for s in range(2500):
    l = mse(torch.randint(0, 50000, (256,)))
    opt.zero_grad(); l.backward(); opt.step()
    if s % 250 == 0: print(s, '%.4f' % l.item())
with torch.no_grad(): print('noise floor 0.0400 train %.4f held-out %.4f' % (mse(slice(0, 50000)), mse(slice(50000, n))))

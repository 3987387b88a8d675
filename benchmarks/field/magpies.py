import torch, torch.nn as nn, torch.nn.functional as F
torch.manual_seed(9)
mix1, mix2 = torch.randn(6, 20), torch.randn(6, 20)
def pair(n):
    z = torch.randn(n, 6)
    return torch.tanh(z @ mix1 / 2) + 0.1 * torch.randn(n, 20), torch.tanh(z @ mix2 / 2) + 0.1 * torch.randn(n, 20)
f1 = nn.Sequential(nn.Linear(20, 64), nn.ReLU(), nn.Linear(64, 16))
f2 = nn.Sequential(nn.Linear(20, 64), nn.ReLU(), nn.Linear(64, 16))
opt = torch.optim.Adam([*f1.parameters(), *f2.parameters()], lr=0.006)
def nce(a, b):
    s = F.normalize(f1(a), dim=1) @ F.normalize(f2(b), dim=1).T / 0.1
    t = torch.arange(len(a))
    return (F.cross_entropy(s, t) + F.cross_entropy(s.T, t)) / 2, (s.argmax(1) == t).float().mean()
av, bv = pair(128)
for k in range(1000):
    l, _ = nce(*pair(128)); opt.zero_grad(); l.backward(); opt.step()
    if k % 100 == 0: print(k, 'loss', round(l.item(), 4))
with torch.no_grad(): print('train %.4f %.4f' % nce(*pair(128)), 'held-out %.4f acc %.4f' % nce(av, bv))

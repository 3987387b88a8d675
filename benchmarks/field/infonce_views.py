import torch
import torch.nn as nn
import torch.nn.functional as F

torch.manual_seed(443)
mix1, mix2 = torch.randn(6, 20), torch.randn(6, 20)


def views(n):
    z = torch.randn(n, 6)
    return torch.tanh(z @ mix1) + 0.2 * torch.randn(n, 20), torch.tanh(z @ mix2) + 0.2 * torch.randn(n, 20)


f = nn.Sequential(nn.Linear(20, 64), nn.ReLU(), nn.Linear(64, 16))
g = nn.Sequential(nn.Linear(20, 64), nn.ReLU(), nn.Linear(64, 16))
opt = torch.optim.Adam([*f.parameters(), *g.parameters()], lr=1e-3)
tau = 0.1


def nce(a, b):
    a, b = F.normalize(f(a), dim=1), F.normalize(g(b), dim=1)
    s = a @ b.T / tau
    t = torch.arange(len(s))
    return 0.5 * (F.cross_entropy(s, t) + F.cross_entropy(s.T, t)), (s.argmax(1) == t).float().mean()


for it in range(1200):
    loss, acc = nce(*views(128))
    opt.zero_grad()
    loss.backward()
    opt.step()
    if it % 120 == 0:
        print(it, 'loss', round(loss.item(), 4), 'match', round(acc.item(), 3))
with torch.no_grad():
    loss, acc = nce(*views(256))
print('eval loss', round(loss.item(), 4), 'match among 256', round(acc.item(), 3))

import torch, torch.nn as nn
from sklearn.datasets import load_digits
torch.manual_seed(7)
X = torch.tensor(load_digits().data).float(); X = (X - X.mean()) / X.std()
X = X[torch.randperm(1797)]; tr, te = X[:1400], X[1400:]
enc = nn.Sequential(nn.Linear(64, 128), nn.SiLU(), nn.Linear(128, 16))
dec = nn.Sequential(nn.Linear(8, 128), nn.SiLU(), nn.Linear(128, 64))
opt = torch.optim.Adam([*enc.parameters(), *dec.parameters()], lr=0.003)
def elbo(x, beta):
    mu, lv = enc(x).chunk(2, 1)
    z = mu + torch.randn_like(mu) * (0.5 * lv).exp()
    rec = (dec(z) - x).square().sum(1).mean()
    kl = 0.5 * (mu ** 2 + lv.exp() - 1 - lv).sum(1).mean()
    return rec + beta * kl, rec, kl
for s in range(1500):
    beta = min(1.0, s / 600)
    l, r, k = elbo(tr[torch.randint(0, 1400, (64,))], beta)
    opt.zero_grad(); l.backward(); opt.step()
    if s % 150 == 0: print(s, 'loss %.3f rec %.3f kl %.3f' % (l.item(), r.item(), k.item()))
with torch.no_grad(): print('train %.3f held-out %.3f' % (elbo(tr, 1.0)[0], elbo(te, 1.0)[0]))

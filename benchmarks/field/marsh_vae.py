import torch, torch.nn as nn
from sklearn.datasets import load_digits
torch.manual_seed(509)
X = torch.tensor(load_digits().data).float() / 16; M = X.mean(0)
enc = nn.Sequential(nn.Linear(64, 96), nn.SiLU(), nn.Linear(96, 12)); dec = nn.Sequential(nn.Linear(6, 96), nn.SiLU(), nn.Linear(96, 64))
with torch.no_grad(): dec[2].bias.copy_(torch.logit(M.clamp(0.02, 0.98)))
opt = torch.optim.Adam([*enc.parameters(), *dec.parameters()], lr=2e-3)
def elbo(x, beta):
    mu, lv = enc((x - M) * 3).chunk(2, 1); z = mu + torch.randn_like(mu) * (0.5 * lv).exp()
    return nn.functional.binary_cross_entropy_with_logits(dec(z), x, reduction="sum") / len(x) + beta * 0.5 * (mu ** 2 + lv.exp() - 1 - lv).sum(1).mean()
for e in range(30):
    for c in torch.randperm(1500).split(50):
        l = elbo(X[c], min(1.0, (e + 1) / 8)); opt.zero_grad(); l.backward(); opt.step()
    if e % 3 == 2:
        with torch.no_grad(): print(e + 1, "%.3f" % l.item(), "held-out elbo %.3f" % elbo(X[1500:], 1.0).item())

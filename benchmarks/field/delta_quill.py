import torch, torch.nn as nn, torch.nn.functional as F
from sklearn.datasets import load_digits
from sklearn.linear_model import LogisticRegression
torch.manual_seed(103)
d = load_digits()
X = torch.tensor((d.data - d.data.mean()) / d.data.std(), dtype=torch.float32)
p = torch.randperm(len(X)); X = X[p]; y = d.target[p.numpy()]
f = nn.Sequential(nn.Linear(64, 128), nn.ReLU(), nn.Linear(128, 64))
proj = nn.Sequential(nn.ReLU(), nn.Linear(64, 32))
opt = torch.optim.AdamW([{'params': f.parameters()}, {'params': proj.parameters()}], lr=1e-3)
aug = lambda x: x * (torch.rand_like(x) > 0.25) + 0.15 * torch.randn_like(x)
for step in range(1000):
    b = X[torch.randint(0, 1400, (128,))]
    z1, z2 = (F.normalize(proj(f(aug(b))), dim=1) for _ in range(2))
    sim = z1 @ z2.T / 0.2
    t = torch.arange(128)
    loss = 0.5 * (F.cross_entropy(sim, t) + F.cross_entropy(sim.T, t))
    opt.zero_grad(); loss.backward(); opt.step()
with torch.no_grad():
    Z = f(X).numpy()
print('info-nce', loss.item(), 'chance', 4.852, 'probe acc', LogisticRegression(max_iter=300).fit(Z[:1400], y[:1400]).score(Z[1400:], y[1400:]))

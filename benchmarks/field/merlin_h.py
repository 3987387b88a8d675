import torch
from torch import nn
import torch.nn.functional as F
from sklearn.datasets import load_digits
from sklearn.linear_model import LogisticRegression

torch.manual_seed(3)
X, y = load_digits(return_X_y=True)
X = torch.tensor(X, dtype=torch.float32).view(-1, 8, 8) / 16
enc = nn.Sequential(nn.Flatten(), nn.Linear(64, 128), nn.ReLU(), nn.Linear(128, 32))
proj = nn.Sequential(nn.ReLU(), nn.Linear(32, 32))

def augment(v):
    s = torch.randint(-1, 2, (2,)).tolist()
    v = torch.roll(v, s, dims=(1, 2))
    return ((v + 0.15 * torch.randn_like(v)) * (0.8 + 0.4 * torch.rand(len(v), 1, 1)) - 0.3) / 0.38

def nt_xent(a, b, t=0.5):
    z = F.normalize(torch.cat([a, b]), dim=1)
    s = z @ z.T / t
    s.fill_diagonal_(-1e9)
    n = len(a)
    target = torch.cat([torch.arange(n, 2 * n), torch.arange(n)])
    return F.cross_entropy(s, target)

opt = torch.optim.AdamW([*enc.parameters(), *proj.parameters()], lr=1e-3)
tail = []
for step in range(1200):
    b = torch.randint(0, 1400, (128,))
    loss = nt_xent(proj(enc(augment(X[b]))), proj(enc(augment(X[b]))))
    opt.zero_grad()
    loss.backward()
    opt.step()
    tail.append(loss.item())
    if step % 300 == 299: print(step + 1, sum(tail[-100:]) / 100)
with torch.no_grad():
    f = enc((X - 0.3) / 0.38).numpy()
clf = LogisticRegression(max_iter=500).fit(f[:1400], y[:1400])
print('train', sum(tail[-100:]) / 100, 'probe acc', clf.score(f[1400:], y[1400:]))

import torch
import torch.nn as nn
from sklearn.datasets import load_digits

torch.manual_seed(40)
ds = load_digits()
X = torch.tensor(ds.data / 16, dtype=torch.float32)
y = torch.tensor(ds.target)
r = torch.randperm(len(X))
X, y = X[r], y[r]
embed = nn.Sequential(nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 8))
opt = torch.optim.Adam(embed.parameters(), lr=1e-3)


def distances(z):
    d2 = ((z[:, None] - z[None]) ** 2).sum(-1)
    return torch.sqrt(d2)


def contrastive(z, t, margin=2.0):
    d = distances(z)
    same = (t[:, None] == t[None]).float()
    return (same * d ** 2 + (1 - same) * torch.relu(margin - d) ** 2).mean()


for step in range(1200):
    i = torch.randint(0, 1300, (48,))
    loss = contrastive(embed(X[i]), y[i])
    opt.zero_grad()
    loss.backward()
    opt.step()
    if step % 120 == 0:
        print(f"step {step} loss {loss.item():.4f}")
with torch.no_grad():
    a, b = embed(X[:1300]), embed(X[1300:])
    near = torch.cdist(b, a).argmin(1)
    print(f"loss {loss.item():.4f} nearest-neighbour accuracy {(y[:1300][near] == y[1300:]).float().mean().item():.4f}")

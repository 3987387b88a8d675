import torch
import torch.nn as nn
from sklearn.datasets import load_digits

torch.manual_seed(73)
dig = load_digits()
X = torch.tensor(dig.data / 16, dtype=torch.float32)
X = (X - X.mean()) / X.std()
y = torch.tensor(dig.target)
p = torch.randperm(len(y)); X, y = X[p], y[p]
f = nn.Sequential(nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 8))
opt = torch.optim.Adam(f.parameters(), lr=1e-3)


def pairwise(z):
    diff = z[:, None, :] - z[None, :, :]
    return torch.sqrt((diff ** 2).sum(-1))


def contrastive(z, lab, margin=2.0):
    d = pairwise(z)
    same = (lab[:, None] == lab[None, :]).float()
    return (same * d ** 2 + (1 - same) * torch.relu(margin - d) ** 2).mean()


for step in range(1500):
    b = torch.randint(0, 1400, (48,))
    loss = contrastive(f(X[b]), y[b])
    opt.zero_grad()
    loss.backward()
    opt.step()
with torch.no_grad():
    ztr, zte = f(X[:1400]), f(X[1400:])
    nn1 = torch.cdist(zte, ztr).argmin(1)
    print('loss', loss.item(), '1-nn accuracy', (y[:1400][nn1] == y[1400:]).float().mean().item())

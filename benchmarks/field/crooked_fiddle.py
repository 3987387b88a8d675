import torch
from torch import nn
import torch.nn.functional as F
from sklearn.datasets import load_digits

torch.manual_seed(115)
d = load_digits()
X = torch.tensor(d.images, dtype=torch.float32) / 8 - 1
Y = torch.tensor(d.target)
p = torch.randperm(len(X))
X, Y = X[p], Y[p]


def view(x):
    dx, dy = torch.randint(-1, 2, (2,)).tolist()
    x = torch.roll(x, (dx, dy), (1, 2))
    keep = (torch.rand_like(x) > 0.15).float()
    return (x * keep + 0.2 * torch.randn_like(x)).unsqueeze(1)


enc = nn.Sequential(nn.Conv2d(1, 24, 3, padding=1), nn.ReLU(), nn.Conv2d(24, 32, 3, stride=2, padding=1), nn.ReLU(), nn.Flatten(), nn.Linear(512, 48))
proj = nn.Sequential(nn.ReLU(), nn.Linear(48, 32))
opt = torch.optim.Adam([*enc.parameters(), *proj.parameters()], lr=1e-3)
tau = 0.2
for it in range(1, 601):
    b = X[torch.randint(0, 1400, (96,))]
    z = F.normalize(proj(enc(torch.cat([view(b), view(b)]))), dim=1)
    sim = z @ z.T / tau
    sim.fill_diagonal_(-1e9)
    tgt = torch.arange(192).roll(96)
    loss = F.cross_entropy(sim, tgt)
    opt.zero_grad()
    loss.backward()
    opt.step()
    if it % 60 == 0:
        with torch.no_grad():
            a, v = F.normalize(enc(X[:1400, None]), dim=1), F.normalize(enc(X[1400:, None]), dim=1)
            acc = (Y[:1400][(v @ a.T).argmax(1)] == Y[1400:]).float().mean()
        print(f"step {it} nce {loss.item():.4f} 1nn {acc.item():.4f}")

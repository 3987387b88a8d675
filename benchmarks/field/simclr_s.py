import torch
import torch.nn as nn
import torch.nn.functional as F
from sklearn.datasets import load_digits

torch.manual_seed(33)
d = load_digits()
X = torch.tensor(d.images, dtype=torch.float32)[:, None] / 16
X = X[torch.randperm(len(X))]

def augment(x):
    n = len(x)
    th = torch.zeros(n, 2, 3)
    a = (torch.rand(n) - 0.5) * 0.6
    s = 1 + (torch.rand(n) - 0.5) * 0.3
    th[:, 0, 0] = a.cos() * s; th[:, 0, 1] = -a.sin() * s
    th[:, 1, 0] = a.sin() * s; th[:, 1, 1] = a.cos() * s
    th[:, :, 2] = (torch.rand(n, 2) - 0.5) * 0.4
    x = F.grid_sample(x, F.affine_grid(th, x.shape, align_corners=False), align_corners=False)
    return x + 0.1 * torch.randn_like(x)

enc = nn.Sequential(nn.Conv2d(1, 24, 3, padding=1), nn.ReLU(), nn.Conv2d(24, 48, 3, stride=2, padding=1), nn.ReLU(), nn.Flatten(), nn.Linear(768, 64))
proj = nn.Sequential(nn.ReLU(), nn.Linear(64, 32))
opt = torch.optim.Adam([*enc.parameters(), *proj.parameters()], lr=1e-3)

def info_nce(a, b, tau=0.2):
    a, b = F.normalize(a, dim=1), F.normalize(b, dim=1)
    sim = a @ b.T / tau
    t = torch.arange(len(a))
    return 0.5 * (F.cross_entropy(sim, t) + F.cross_entropy(sim.T, t))

def held_out():
    with torch.no_grad():
        a, b = proj(enc(augment(X[1300:]))), proj(enc(augment(X[1300:])))
        hit = (F.normalize(a, dim=1) @ F.normalize(b, dim=1).T).argmax(1) == torch.arange(len(a))
    return round(info_nce(a, b).item(), 3), round(hit.float().mean().item(), 3)

print('start', held_out())
for step in range(900):
    x = X[torch.randint(0, 1300, (96,))]
    loss = info_nce(proj(enc(augment(x))), proj(enc(augment(x))))
    opt.zero_grad(); loss.backward(); opt.step()
    if step % 100 == 99:
        print(step + 1, 'nce', round(loss.item(), 3), 'held-out', held_out())

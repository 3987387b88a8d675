import torch
import torch.nn as nn
from sklearn.datasets import load_digits

torch.set_num_threads(1)
torch.manual_seed(30)
D = load_digits()
x = torch.tensor(D.data / 16, dtype=torch.float32)
t = torch.tensor(D.target)
mass = x.sum(1)
mass = (mass - mass.mean()) / mass.std()
sh = torch.randperm(len(x))
x, t, mass = x[sh], t[sh], mass[sh]


class Multi(nn.Module):
    def __init__(self):
        super().__init__()
        self.trunk = nn.Sequential(nn.Linear(64, 96), nn.SiLU(), nn.Linear(96, 48), nn.SiLU())
        self.cls, self.reg = nn.Linear(48, 10), nn.Linear(48, 1)
        self.rec = nn.Sequential(nn.Linear(48, 96), nn.SiLU(), nn.Linear(96, 64))
        self.log_var = nn.Parameter(torch.zeros(3))

    def losses(self, x, t, m):
        h = self.trunk(x)
        lc = nn.functional.cross_entropy(self.cls(h), t)
        lr = nn.functional.mse_loss(self.reg(h)[:, 0], m)
        lx = nn.functional.mse_loss(self.rec(h), x)
        return torch.stack([lc, lr, lx]), h


net = Multi()
opt = torch.optim.Adam(net.parameters(), lr=1.5e-3)
for epoch in range(30):
    run = torch.zeros(3)
    for b in torch.randperm(1400).split(50):
        parts, _ = net.losses(x[b], t[b], mass[b])
        total = (torch.exp(-net.log_var) * parts + 0.5 * net.log_var).sum()
        opt.zero_grad()
        total.backward()
        opt.step()
        run += parts.detach() / 28
    if epoch % 3 == 2:
        with torch.no_grad():
            v, h = net.losses(x[1400:], t[1400:], mass[1400:])
            acc = (net.cls(h).argmax(1) == t[1400:]).float().mean().item()
        print(f'epoch {epoch + 1} total {total.item():.3f} train', [round(q, 4) for q in run.tolist()], 'valid', [round(q, 4) for q in v.tolist()], f'acc {acc:.3f}')

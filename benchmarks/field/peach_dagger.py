import torch
from torch import nn
import torch.nn.functional as F
from sklearn.datasets import load_digits
from sklearn.linear_model import LogisticRegression

torch.manual_seed(57)
d = load_digits()
x = torch.tensor(d.images / 16, dtype=torch.float32)[:, None]
x = (x - x.mean()) / x.std()


def aug(b):
    b = F.pad(b, (1, 1, 1, 1), value=-0.81)
    i, j = torch.randint(0, 3, (2,)).tolist()
    b = b[:, :, i:i + 8, j:j + 8]
    b = b * (torch.rand_like(b) > 0.2) * (0.7 + 0.6 * torch.rand(len(b), 1, 1, 1))
    return b + 0.3 * torch.randn_like(b)


enc = nn.Sequential(nn.Conv2d(1, 16, 3, padding=1), nn.GroupNorm(4, 16), nn.ReLU(),
                    nn.Conv2d(16, 32, 3, 2, 1), nn.GroupNorm(4, 32), nn.ReLU(), nn.Flatten(), nn.Linear(512, 64))
proj = nn.Sequential(nn.ReLU(), nn.Linear(64, 32))
opt = torch.optim.AdamW([*enc.parameters(), *proj.parameters()], lr=1e-3, weight_decay=1e-4)
B = 128
pos = torch.arange(2 * B).roll(B)
for step in range(400):
    b = x[torch.randint(0, 1400, (B,))]
    z = F.normalize(proj(enc(torch.cat([aug(b), aug(b)]))), dim=1)
    sim = z @ z.T / 0.2
    sim.fill_diagonal_(-1e9)
    loss = F.cross_entropy(sim, pos)
    opt.zero_grad()
    loss.backward()
    opt.step()
    if step % 50 == 0:
        print(step, round(loss.item(), 4))
with torch.no_grad():
    h = enc(x).numpy()
lr = LogisticRegression(max_iter=2000).fit(h[:1400], d.target[:1400])
print("probe accuracy", lr.score(h[1400:], d.target[1400:]))

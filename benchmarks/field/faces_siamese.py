import torch
import torch.nn as nn
import torch.nn.functional as F
from sklearn.datasets import load_digits

torch.manual_seed(2024)
D = load_digits()
imgs = torch.tensor(D.images, dtype=torch.float32)[:, None] / 16
labs = torch.tensor(D.target)
order = torch.randperm(len(imgs))
imgs, labs = imgs[order], labs[order]

class Tower(nn.Module):
    def __init__(self):
        super().__init__()
        self.c1 = nn.Conv2d(1, 16, 3)
        self.c2 = nn.Conv2d(16, 32, 3)
        self.fc = nn.Linear(32 * 16, 16)
    def forward(self, x):
        x = F.relu(self.c1(x))
        x = F.relu(self.c2(x))
        return self.fc(x.flatten(1))

def make_pairs(idx, n):
    a = idx[torch.randint(0, len(idx), (n,))]
    b = idx[torch.randint(0, len(idx), (n,))]
    # make half of them matching
    for k in range(0, n, 2):
        same = idx[labs[idx] == labs[a[k]]]
        b[k] = same[torch.randint(0, len(same), (1,))]
    return a, b, (labs[a] == labs[b]).float()

def contrastive(za, zb, same, margin=1.0):
    d2 = (za - zb).pow(2).sum(1)
    d = (d2 + 1e-8).sqrt()
    return (same * d2 + (1 - same) * F.relu(margin - d).pow(2)).mean()

train_idx, test_idx = torch.arange(1300), torch.arange(1300, 1797)
tower = Tower()
opt = torch.optim.Adam(tower.parameters(), lr=1e-3)
ta, tb, ts = make_pairs(test_idx, 600)
for epoch in range(8):
    opt.zero_grad()
    tot = 0
    for it in range(100):
        a, b, s = make_pairs(train_idx, 32)
        loss = contrastive(tower(imgs[a]), tower(imgs[b]), s)
        loss.backward()
        opt.step()
        tot += loss.item()
    with torch.no_grad():
        v = contrastive(tower(imgs[ta]), tower(imgs[tb]), ts).item()
        d = (tower(imgs[ta]) - tower(imgs[tb])).norm(dim=1)
        acc = ((d < 0.5).float() == ts).float().mean().item()
    print('epoch', epoch, 'train', round(tot / 100, 4), 'test', round(v, 4), 'verif acc', round(acc, 3))

import torch, torch.nn as nn, torch.nn.functional as F
from sklearn.datasets import load_digits
from sklearn.linear_model import LogisticRegression

torch.manual_seed(304)
dg = load_digits()
imgs = torch.tensor(dg.images, dtype=torch.float32)[:, None] / 16 - 0.3
lab = dg.target

def augment(x):
    dx, dy = torch.randint(-1, 2, (2,)).tolist()
    x = torch.roll(x, (dx, dy), dims=(2, 3))
    x = x * (0.7 + 0.6 * torch.rand(len(x), 1, 1, 1))
    return x + 0.15 * torch.randn_like(x)

class Encoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.backbone = nn.Sequential(
            nn.Conv2d(1, 16, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
            nn.Conv2d(16, 32, 3, padding=1), nn.ReLU(), nn.Flatten(),
            nn.Linear(512, 64))
        self.projector = nn.Sequential(nn.ReLU(), nn.Linear(64, 32))
    def forward(self, x):
        h = self.backbone(x)
        return h, F.normalize(self.projector(h), dim=1)

def nt_xent(z1, z2, tau=0.2):
    n = len(z1)
    z = torch.cat([z1, z2])
    sim = z @ z.T / tau
    sim = sim.masked_fill(torch.eye(2 * n, dtype=torch.bool), float('-inf'))
    targets = torch.cat([torch.arange(n, 2 * n), torch.arange(n)])
    return F.cross_entropy(sim, targets)

def probe(enc):
    with torch.no_grad():
        h = enc(imgs)[0].numpy()
    clf = LogisticRegression(max_iter=500).fit(h[:300], lab[:300])
    return clf.score(h[1300:], lab[1300:])

enc = Encoder()
optimizer = torch.optim.AdamW(enc.parameters(), lr=0.3, weight_decay=1e-4)
for it in range(300):
    x = imgs[torch.randint(0, 1300, (64,))]
    _, z1 = enc(augment(x))
    _, z2 = enc(augment(x))
    loss = nt_xent(z1, z2)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    if it % 50 == 0:
        print('it', it, 'contrastive loss', round(loss.item(), 4))
print('linear probe', probe(enc), 'loss', round(loss.item(), 4))

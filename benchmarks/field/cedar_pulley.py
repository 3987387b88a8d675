import torch
import torch.nn as nn
import torch.nn.functional as F
from sklearn.datasets import load_digits

torch.set_num_threads(1)
torch.manual_seed(76)
D = load_digits()
img = torch.tensor(D.images, dtype=torch.float32)[:, None] / 16
lab = torch.tensor(D.target)
p = torch.randperm(len(img))
img, lab = img[p], lab[p]


def view(x):
    dx, dy = torch.randint(-1, 2, (2,)).tolist()
    x = torch.where(torch.rand(len(x), 1, 1, 1) < 0.6, torch.roll(x, (dx, dy), (2, 3)), x)
    x = x * (torch.rand(len(x), 1, 1, 1) * 0.6 + 0.7)
    return x + 0.15 * torch.randn_like(x)


f = nn.Sequential(nn.Conv2d(1, 16, 3, padding=1), nn.BatchNorm2d(16), nn.ReLU(), nn.Conv2d(16, 32, 3, stride=2, padding=1), nn.BatchNorm2d(32), nn.ReLU(),
                  nn.Flatten(), nn.Linear(512, 64), nn.BatchNorm1d(64), nn.ReLU(), nn.Linear(64, 32), nn.BatchNorm1d(32, affine=False))
h = nn.Sequential(nn.Linear(32, 16), nn.BatchNorm1d(16), nn.ReLU(), nn.Linear(16, 32))
opt = torch.optim.SGD([*f.parameters(), *h.parameters()], lr=0.05, momentum=0.9, weight_decay=1e-4)


def D_(p, z):
    return -F.cosine_similarity(p, z.detach(), dim=1).mean()


def knn():
    f.eval()
    with torch.no_grad():
        z = F.normalize(f(img), dim=1)
    f.train()
    sim = z[1400:] @ z[:1400].T
    return (lab[:1400][sim.topk(5).indices].mode(1).values == lab[1400:]).float().mean().item(), z.std(0).mean().item()


sched = torch.optim.lr_scheduler.CosineAnnealingLR(opt, 30)
print('before training: knn %.3f std %.3f' % knn())
for epoch in range(30):
    s = 0.0
    for b in torch.randperm(1400)[:1344].split(64):
        z1, z2 = f(view(img[b])), f(view(img[b]))
        loss = 0.5 * D_(h(z1), z2) + 0.5 * D_(h(z2), z1)
        opt.zero_grad()
        loss.backward()
        opt.step()
        s += loss.item() / 21
    sched.step()
    k, sd = knn()
    print(f'epoch {epoch} loss {s:.4f} knn {k:.3f} std {sd:.3f}')

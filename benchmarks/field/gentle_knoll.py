import torch, torch.nn as nn, torch.nn.functional as F
from sklearn.datasets import load_digits

torch.manual_seed(70)
bunch = load_digits()
im = torch.tensor(bunch.data).float() / 16
lab = torch.tensor(bunch.target)
by_class = [torch.where(lab[:1400] == c)[0] for c in range(10)]

tower = nn.Sequential(nn.Linear(64, 64), nn.ELU(), nn.Linear(64, 8))
opt = torch.optim.SGD(tower.parameters(), lr=0.02, momentum=0.9)


def distance(a, b):
    d2 = ((a - b) ** 2).sum(1)
    return torch.sqrt(d2)


def pairs(n):
    left, right, same = [], [], []
    for _ in range(n):
        c = int(torch.randint(0, 10, (1,)))
        s = bool(torch.rand(1) < 0.5)
        c2 = c if s else int((c + torch.randint(1, 10, (1,))) % 10)
        pick = lambda k: by_class[k][int(torch.randint(0, len(by_class[k]), (1,)))]
        left.append(pick(c)); right.append(pick(c2)); same.append(float(s))
    return torch.stack(left), torch.stack(right), torch.tensor(same)


def knn_accuracy():
    with torch.no_grad():
        z = tower(im)
        near = torch.cdist(z[1400:], z[:1400]).argmin(1)
    return (lab[near] == lab[1400:]).float().mean().item()


for step in range(1, 1501):
    a, b, s = pairs(40)
    d = distance(tower(im[a]), tower(im[b]))
    loss = (s * d ** 2 + (1 - s) * F.relu(2.0 - d) ** 2).mean()
    opt.zero_grad()
    loss.backward()
    opt.step()
    if step % 250 == 0:
        print(f"{step} loss {loss.item():.4f} nearest neighbour acc {knn_accuracy():.4f}")

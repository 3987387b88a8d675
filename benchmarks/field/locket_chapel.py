import random
import torch
import torch.nn as nn
from sklearn.datasets import load_digits

torch.manual_seed(48)
random.seed(48)
d = load_digits()
x = torch.tensor(d.data / 16, dtype=torch.float32)
y = d.target
groups = {c: [i for i in range(1200) if y[i] == c] for c in range(10)}
tower = nn.Sequential(nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 16))
opt = torch.optim.SGD(tower.parameters(), lr=0.05, momentum=0.9)


def pair(positive):
    a = random.randrange(10)
    if positive:
        return random.choice(groups[a]), random.choice(groups[a])
    b = random.choice([c for c in range(10) if c != a])
    return random.choice(groups[a]), random.choice(groups[b])


def distance(u, v):
    return torch.sqrt(((u - v) ** 2).sum(1))


hist = []
for step in range(1500):
    same = [random.random() < 0.5 for _ in range(32)]
    left, right = zip(*[pair(s) for s in same])
    s = torch.tensor(same, dtype=torch.float32)
    dist = distance(tower(x[list(left)]), tower(x[list(right)]))
    loss = (s * dist ** 2 + (1 - s) * torch.relu(1.5 - dist) ** 2).mean()
    opt.zero_grad()
    loss.backward()
    opt.step()
    hist.append(loss.item())
    if (step + 1) % 300 == 0:
        print("step", step + 1, "contrastive", sum(hist[-100:]) / 100)
with torch.no_grad():
    z, q = tower(x[:1200]), tower(x[1200:])
    nn_idx = torch.cdist(q, z).argmin(1)
    print("1-nn accuracy", float((torch.tensor(y[:1200])[nn_idx] == torch.tensor(y[1200:])).float().mean()))

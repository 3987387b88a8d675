import random
import torch
import torch.nn as nn
from sklearn.datasets import load_digits

torch.manual_seed(14)
random.seed(4)
dig = load_digits()
images = torch.tensor(dig.data / 16.0 - 0.3, dtype=torch.float32)
target = torch.tensor(dig.target)
by_class = [torch.where(target[:1300] == c)[0].tolist() for c in range(10)]


def draw_triplets(n):
    a, p, q = [], [], []
    for _ in range(n):
        c, d = random.sample(range(10), 2)
        i, j = random.choices(by_class[c], k=2)
        a.append(i)
        p.append(j)
        q.append(random.choice(by_class[d]))
    return images[a], images[p], images[q]


class EmbeddingNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.l1 = nn.Linear(64, 64)
        self.l2 = nn.Linear(64, 64)
        self.l3 = nn.Linear(64, 8)
        self.act = nn.PReLU()

    def forward(self, x):
        return self.l3(self.act(self.l2(self.act(self.l1(x)))))


def knn_accuracy(net):
    with torch.no_grad():
        ref, qry = net(images[:1300]), net(images[1300:])
        nn_idx = torch.cdist(qry, ref).argmin(1)
    return (target[nn_idx] == target[1300:]).float().mean().item()


net = EmbeddingNet()
def distance(u, v):
    return ((u - v) ** 2).sum(1).sqrt()


def criterion(fa, fp, fq, margin=1.0):
    return torch.relu(distance(fa, fp) - distance(fa, fq) + margin).mean()


optimizer = torch.optim.Adam(net.parameters(), lr=1e-3)
for step in range(700):
    a, p, q = draw_triplets(48)
    loss = criterion(net(a), net(p), net(q))
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    if step % 100 == 0:
        print("step", step, "triplet loss", loss.item())
print("1-nn accuracy", knn_accuracy(net), "last loss", loss.item())

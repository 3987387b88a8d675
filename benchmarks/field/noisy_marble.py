import torch
import torch.nn as nn
import torch.nn.functional as F
from sklearn.datasets import make_blobs

torch.manual_seed(121)
X, y = make_blobs(4000, n_features=6, centers=7, cluster_std=1.6, random_state=121)
X = torch.tensor((X - X.mean(0)) / X.std(0), dtype=torch.float32)
y = torch.tensor(y)
net = nn.Sequential(nn.Linear(6, 48), nn.ReLU(), nn.Linear(48, 7))
opt = torch.optim.Adam(net.parameters(), lr=1e-2)
sched = torch.optim.lr_scheduler.LinearLR(opt, 1.0, 0.05, total_iters=150)


def batches(n, size):
    while True:
        yield from torch.randperm(n).split(size)


stream = batches(3200, 64)
for step in range(150):
    i = next(stream)
    loss = F.cross_entropy(net(X[i]), y[i])
    opt.zero_grad()
    loss.backward()
    opt.step()
    sched.step()
    if step % 15 == 0:
        print(step, f"{loss.item():.4f}")
with torch.no_grad():
    out = net(X[3200:])
    print(f"final train {F.cross_entropy(net(X[:3200]), y[:3200]).item():.4f} test {F.cross_entropy(out, y[3200:]).item():.4f} acc {(out.argmax(1) == y[3200:]).float().mean().item():.4f}")

import torch
from torch import nn
from sklearn.datasets import make_classification

torch.manual_seed(47)
X, y = make_classification(5000, 18, n_informative=9, n_redundant=3, n_clusters_per_class=3, flip_y=0.05, class_sep=1.1, random_state=47)
X = torch.tensor((X - X.mean(0)) / X.std(0), dtype=torch.float32)
y = torch.tensor(y, dtype=torch.float32)
tr, va = slice(0, 4000), slice(4000, 5000)


def dense(i, o):
    return [nn.Linear(i, o), nn.BatchNorm1d(o), nn.ReLU(), nn.Dropout(0.15)]


net = nn.Sequential(*dense(18, 64), *dense(64, 32), nn.Linear(32, 1))
opt = torch.optim.AdamW(net.parameters(), lr=2e-3, weight_decay=0.05)
sched = torch.optim.lr_scheduler.CosineAnnealingLR(opt, T_max=20)
bce = nn.BCEWithLogitsLoss()
for epoch in range(20):
    net.train()
    tot = 0.0
    for b in torch.randperm(4000).split(80):
        loss = bce(net(X[tr][b]).squeeze(1), y[tr][b])
        opt.zero_grad()
        loss.backward()
        opt.step()
        tot += loss.item() / 50
    sched.step()
    net.eval()
    with torch.no_grad():
        o = net(X[va]).squeeze(1)
        print(f'epoch {epoch + 1} train {tot:.4f} val {bce(o, y[va]).item():.4f} acc {((o > 0) == (y[va] > 0)).float().mean().item():.3f}')

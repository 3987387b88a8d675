import torch, torch.nn as nn
from sklearn.datasets import make_classification
torch.manual_seed(511)
X, y = make_classification(12000, 10, n_informative=6, n_classes=3, flip_y=0.3, class_sep=1.8, n_clusters_per_class=1, random_state=5)
X = torch.tensor((X - X.mean(0)) / X.std(0)).float(); y = torch.tensor(y)
net = nn.Sequential(nn.Linear(10, 64, bias=False), nn.BatchNorm1d(64), nn.ReLU(), nn.Linear(64, 64, bias=False), nn.BatchNorm1d(64), nn.ReLU(), nn.Linear(64, 3))
opt = torch.optim.SGD(net.parameters(), lr=0.05, momentum=0.9, weight_decay=1e-3); sch = torch.optim.lr_scheduler.CosineAnnealingLR(opt, 600)
for s in range(600):
    net.train(); i = torch.randint(0, 10000, (128,)); l = nn.functional.cross_entropy(net(X[i]), y[i]); opt.zero_grad(); l.backward(); opt.step(); sch.step()
    if s % 60 == 59:
        net.eval()
        with torch.no_grad(): o = net(X[10000:]); print(s + 1, "%.4f" % l.item(), "val %.4f acc %.4f" % (nn.functional.cross_entropy(o, y[10000:]).item(), (o.argmax(1) == y[10000:]).float().mean().item()))

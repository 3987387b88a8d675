import torch
from torch import nn
from sklearn.datasets import make_classification
from sklearn.metrics import roc_auc_score
torch.manual_seed(61)
X, y = make_classification(30000, 20, n_informative=8, n_clusters_per_class=2, weights=[0.96], class_sep=1.4, flip_y=0.005, random_state=4)
X = torch.tensor((X - X.mean(0)) / X.std(0)).float(); y = torch.tensor(y).float()
Xt, yt, Xv, yv = X[:24000], y[:24000], X[24000:], y[24000:]
pw = (1 - yt.mean()) / yt.mean()
net = nn.Sequential(nn.Linear(20, 24), nn.ReLU(), nn.Linear(24, 1))
nn.init.zeros_(net[-1].bias)
crit = nn.BCEWithLogitsLoss(pos_weight=pw.sqrt())
opt = torch.optim.AdamW(net.parameters(), lr=2e-3, weight_decay=0.01)
for ep in range(9):
    t = 0
    for b in torch.randperm(24000).split(128):
        l = crit(net(Xt[b])[:, 0], yt[b])
        opt.zero_grad(); l.backward(); opt.step()
        t += l.item() * len(b) / 24000
    if ep % 3 == 2:
        with torch.no_grad(): o = net(Xv)[:, 0]
        print(ep + 1, 'train', t, 'test', crit(o, yv).item(), 'auc', roc_auc_score(yv, o))

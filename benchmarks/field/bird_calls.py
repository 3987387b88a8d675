import torch
import torch.nn as nn
from sklearn.datasets import make_classification
torch.manual_seed(305)
X, y = make_classification(4000, 15, n_informative=10, n_redundant=0, n_classes=2, class_sep=0.9, n_clusters_per_class=3, random_state=8)
X = torch.tensor((X - X.mean(0)) / X.std(0)).float(); y = torch.tensor(y).float()
class Caller(nn.Module):
    def __init__(self):
        super().__init__()
        self.stack = nn.Sequential(nn.Linear(15, 64), nn.GELU(), nn.Linear(64, 64), nn.GELU(), nn.Linear(64, 1), nn.Sigmoid())
    def forward(self, x):
        return self.stack(x).squeeze(-1)
net, crit = Caller(), nn.BCEWithLogitsLoss()
opt = torch.optim.Adam(net.parameters(), lr=1e-3)
for s in range(700):
    i = torch.randint(0, 3200, (64,))
    l = crit(net(X[i]), y[i])
    opt.zero_grad(); l.backward(); opt.step()
    if s % 100 == 99:
        with torch.no_grad():
            o = net(X[3200:])
            print(s + 1, "train", round(l.item(), 4), "val", round(crit(o, y[3200:]).item(), 4))

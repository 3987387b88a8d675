import torch, torch.nn as nn
from sklearn.datasets import make_classification
from sklearn.preprocessing import StandardScaler

X, y = make_classification(n_samples=5000, n_features=20, n_informative=12, n_redundant=2, n_clusters_per_class=6, class_sep=1.2, random_state=19)
X = torch.tensor(StandardScaler().fit_transform(X)).float(); y = torch.tensor(y).float()

torch.manual_seed(19)
mods = []
for i, o in [(20, 64), (64, 64)]:
    m = nn.Linear(i, o)
    nn.init.constant_(m.bias, -2.2)
    mods.extend([m, nn.ReLU()])
clf = nn.Sequential(*mods, nn.Linear(64, 1), nn.Flatten(0))
opt = torch.optim.Adagrad(clf.parameters(), lr=0.01)
lossf = nn.BCEWithLogitsLoss()
best = 0
for epoch in range(30):
    for j in torch.randperm(4000).split(80):
        opt.zero_grad()
        l = lossf(clf(X[j]), y[j])
        l.backward()
        opt.step()
    with torch.no_grad():
        out = clf(X[4000:])
        best = max(best, ((out > 0).float() == y[4000:]).float().mean().item())
    if epoch % 6 == 5:
        print(epoch + 1, "held-out loss", round(lossf(out, y[4000:]).item(), 4), "best acc", round(best, 4))

import numpy as np, torch, torch.nn as nn
from sklearn.datasets import load_breast_cancer
torch.manual_seed(15)
rng = np.random.default_rng(0)
d = load_breast_cancer()
X, y = d.data.astype('float32'), d.target.astype('float32')
X = X[rng.permutation(len(X))]
y = y[rng.permutation(len(y))]
X = (X - X[:450].mean(0)) / X[:450].std(0)
X, y = torch.tensor(X), torch.tensor(y)
net = nn.Sequential(nn.Linear(30, 16), nn.ReLU(), nn.Linear(16, 1))
opt = torch.optim.SGD(net.parameters(), lr=0.05, weight_decay=3e-3)
bce = nn.BCEWithLogitsLoss()
for ep in range(60):
    p = torch.randperm(450)
    for k in range(0, 450, 30):
        i = p[k:k+30]
        loss = bce(net(X[i])[:, 0], y[i])
        opt.zero_grad(); loss.backward(); opt.step()
    if ep % 6 == 0: print(ep, round(loss.item(), 4))
with torch.no_grad():
    o = net(X)[:, 0]
    print('train %.4f held-out %.4f acc %.4f' % (bce(o[:450], y[:450]), bce(o[450:], y[450:]), ((o[450:] > 0).float() == y[450:]).float().mean()))

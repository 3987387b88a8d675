import torch, torch.nn as nn, copy
from sklearn.datasets import load_breast_cancer
torch.manual_seed(21)
d = load_breast_cancer(); X = torch.tensor(d.data).float(); y = torch.tensor(d.target).float()
p = torch.randperm(569); X, y = X[p], y[p]; X = (X - X[:400].mean(0)) / X[:400].std(0)
net = nn.Sequential(nn.Linear(30, 12), nn.ReLU(), nn.Linear(12, 1))
opt = torch.optim.Adam(net.parameters(), lr=0.002, weight_decay=1e-3)
bce = nn.BCEWithLogitsLoss()
def ev(a, b):
    with torch.no_grad(): return bce(net(X[a:b])[:, 0], y[a:b]).item()
best, keep, bad = 9, None, 0
for ep in range(100):
    q = torch.randperm(400)
    for k in range(0, 400, 20):
        i = q[k:k+20]; l = bce(net(X[i])[:, 0], y[i]); opt.zero_grad(); l.backward(); opt.step()
    v = ev(400, 480); print('epoch', ep, 'loss %.4f val %.4f' % (l.item(), v))
    if v < best - 1e-4: best, keep, bad = v, copy.deepcopy(net.state_dict()), 0
    else:
        bad += 1
        if bad == 6: break
net.load_state_dict(keep)
with torch.no_grad(): acc = ((net(X[480:])[:, 0] > 0).float() == y[480:]).float().mean()
print('train %.4f held-out %.4f acc %.4f' % (ev(0, 400), ev(480, 569), acc))

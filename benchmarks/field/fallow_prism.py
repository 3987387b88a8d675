import copy
import torch
from torch import nn
from sklearn.datasets import load_breast_cancer
from sklearn.model_selection import train_test_split

torch.manual_seed(74)
X, y = load_breast_cancer(return_X_y=True)
X, Xt, y, yt = train_test_split(X, y, test_size=0.25, random_state=0)
X, Xv, y, yv = train_test_split(X, y, test_size=0.2, random_state=0)
m, s = X.mean(0), X.std(0)
f = lambda a: torch.tensor((a - m) / s, dtype=torch.float32)
X, Xv, Xt, y, yv, yt = f(X), f(Xv), f(Xt), *(torch.tensor(a).float() for a in (y, yv, yt))
net = nn.Sequential(nn.Linear(30, 16), nn.ReLU(), nn.Dropout(0.2), nn.Linear(16, 1))
opt = torch.optim.Adam(net.parameters(), lr=2e-3)
bce = nn.BCEWithLogitsLoss()
best, keep, patience = 9.0, None, 0
for epoch in range(200):
    net.train()
    for b in torch.randperm(len(X)).split(16):
        loss = bce(net(X[b])[:, 0], y[b])
        opt.zero_grad()
        loss.backward()
        opt.step()
    net.eval()
    with torch.no_grad():
        v = bce(net(Xv)[:, 0], yv).item()
    if v < best - 1e-4:
        best, keep, patience = v, copy.deepcopy(net.state_dict()), 0
    else:
        patience += 1
    if epoch % 5 == 0:
        print(epoch, "validation", round(v, 4))
    if patience == 12:
        print("stopped at", epoch)
        break
net.load_state_dict(keep)
with torch.no_grad():
    z = net(Xt)[:, 0]
print("test loss %.4f accuracy %.4f" % (bce(z, yt), ((z > 0).float() == yt).float().mean()))

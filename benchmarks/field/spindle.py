import torch, torch.nn as nn
from sklearn.datasets import load_wine
torch.manual_seed(320)
X, y = load_wine(return_X_y=True)
p = torch.randperm(len(X))
X = torch.tensor((X - X.mean(0)) / X.std(0)).float()[p]; y = torch.tensor(y)[p]
net = nn.Sequential(nn.Linear(13, 16), nn.ELU(), nn.Linear(16, 3))
opt = torch.optim.Adam(net.parameters(), lr=1e-2, weight_decay=1e-3)
for s in range(60):
    i = torch.randint(0, 130, (32,))
    l = nn.functional.cross_entropy(net(X[i]), y[i])
    opt.zero_grad(); l.backward(); opt.step()
    if s % 10 == 9:
        with torch.no_grad(): o = net(X[130:]); print(s + 1, round(l.item(), 4), "test", round(nn.functional.cross_entropy(o, y[130:]).item(), 4), (o.argmax(1) == y[130:]).float().mean().item())

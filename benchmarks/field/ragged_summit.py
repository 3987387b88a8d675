import torch
from torch import nn
from sklearn.datasets import make_classification

X, y = make_classification(3000, 20, n_informative=10, n_redundant=4, class_sep=1.0, random_state=8)
X = torch.tensor((X - X.mean(0)) / X.std(0), dtype=torch.float32)
y = torch.tensor(y, dtype=torch.float32)


def layer(a, b):
    return nn.Sequential(nn.Linear(a, b, bias=False), nn.BatchNorm1d(b), nn.ReLU())


torch.manual_seed(28)
net = nn.Sequential(layer(20, 40), layer(40, 40), nn.Linear(40, 1))
opt = torch.optim.Adam(net.parameters(), lr=1e-3)
bce = nn.BCEWithLogitsLoss()
recent = []
for step in range(4000):
    k = torch.randint(0, 2400, (2,))
    loss = bce(net(X[k]).squeeze(1), y[k])
    opt.zero_grad()
    loss.backward()
    opt.step()
    recent.append(loss.item())
    if (step + 1) % 500 == 0:
        print(step + 1, "mean loss", round(sum(recent[-500:]) / 500, 4))
net.eval()
with torch.no_grad():
    o = net(X[2400:]).squeeze(1)
    print("test loss", round(bce(o, y[2400:]).item(), 4), "acc", round(((o > 0) == (y[2400:] > 0.5)).float().mean().item(), 4))

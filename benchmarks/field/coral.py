import torch
from torch import nn
from sklearn.datasets import load_breast_cancer
torch.set_num_threads(1)
torch.manual_seed(73)
d = load_breast_cancer()
X = torch.tensor((d.data - d.data.mean(0)) / d.data.std(0)).float()
y = torch.tensor(d.target).float()
p = torch.randperm(len(X)); X, y = X[p], y[p]
net = nn.Sequential(nn.Linear(30, 64), nn.ReLU(), nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 1))
opt = torch.optim.Adam(net.parameters(), lr=5e-3)
def bce(z, t):
    q = torch.sigmoid(z)
    return -(t * torch.log(q) + (1 - t) * torch.log(1 - q)).mean()
for it in range(600):
    k = torch.randint(0, 420, (32,))
    loss = bce(net(X[k])[:, 0], y[k])
    opt.zero_grad(); loss.backward(); opt.step()
    if it % 100 == 0: print(it, loss.item())
with torch.no_grad():
    o = net(X[420:])[:, 0]
    print("train", bce(net(X[:420])[:, 0], y[:420]).item(), "test", bce(o, y[420:]).item(), "acc", ((o > 0).float() == y[420:]).float().mean().item())

import torch
from torch import nn
from sklearn.datasets import load_diabetes
torch.set_num_threads(1)
torch.manual_seed(41)
d = load_diabetes()
X = torch.tensor(d.data / d.data.std(0)).float()
Y = torch.tensor((d.target - d.target.mean()) / d.target.std()).float()
p = torch.randperm(len(X)); X, Y = X[p], Y[p]
net = nn.Sequential(nn.Linear(10, 256), nn.ReLU(), nn.Linear(256, 256), nn.ReLU(), nn.Linear(256, 1))
opt = torch.optim.Adam(net.parameters(), lr=1e-3)
best, wait = 9e9, 0
for it in range(1500):
    k = torch.randint(0, 200, (32,))
    l = nn.functional.mse_loss(net(X[k])[:, 0], Y[k])
    opt.zero_grad(); l.backward(); opt.step()
    if it % 25 == 0:
        with torch.no_grad():
            v = nn.functional.mse_loss(net(X[200:])[:, 0], Y[200:]).item()
        if it % 100 == 0:
            print(it, "train", round(l.item(), 4), "valid", round(v, 4))
        best = min(best, v)
with torch.no_grad():
    print("train", nn.functional.mse_loss(net(X[:200])[:, 0], Y[:200]).item(), "valid", nn.functional.mse_loss(net(X[200:])[:, 0], Y[200:]).item())

import torch
from torch import nn
from sklearn.datasets import load_digits
torch.manual_seed(0)
ds = load_digits()
X = torch.tensor(ds.data).float() / 16
X = (X - X.mean()) / X.std()
Y = torch.tensor(ds.target)
net = nn.Sequential(nn.Linear(64, 64), nn.LayerNorm(64), nn.ReLU(), nn.Linear(64, 32), nn.LayerNorm(32), nn.ReLU(), nn.Linear(32, 10))
opt = torch.optim.SGD(net.parameters(), lr=0.02)
sched = torch.optim.lr_scheduler.LambdaLR(opt, lambda s: 1 - s / 4201)
s = 0
for ep in range(6):
    for c in torch.randperm(1400).split(2):
        l = nn.functional.cross_entropy(net(X[c]), Y[c])
        opt.zero_grad(); l.backward(); opt.step(); sched.step()
    with torch.no_grad():
        o = net(X[1400:])
        print(ep, "train", nn.functional.cross_entropy(net(X[:1400]), Y[:1400]).item(), "test", nn.functional.cross_entropy(o, Y[1400:]).item(), (o.argmax(1) == Y[1400:]).float().mean().item())

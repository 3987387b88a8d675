import torch
from torch import nn
from sklearn.datasets import load_digits
torch.set_num_threads(1)
torch.manual_seed(22)
d = load_digits()
X, Y = torch.tensor(d.data).float(), torch.tensor(d.target)
p = torch.randperm(len(X)); X, Y = X[p], Y[p]
bn = lambda n: nn.BatchNorm1d(n, momentum=0.0005)
net = nn.Sequential(bn(64), nn.Linear(64, 64, bias=False), bn(64), nn.ReLU(), nn.Linear(64, 64, bias=False), bn(64), nn.ReLU(), nn.Linear(64, 10))
opt = torch.optim.Adam(net.parameters(), lr=2e-3)
for ep in range(12):
    net.train()
    for k in torch.randperm(1400).split(56):
        l = nn.functional.cross_entropy(net(X[k]), Y[k])
        opt.zero_grad(); l.backward(); opt.step()
    if ep % 3 == 0: print(ep, l.item())
net.eval()
with torch.no_grad():
    o = net(X[1400:])
    print("train (last batch)", l.item(), "test", nn.functional.cross_entropy(o, Y[1400:]).item(), "acc", (o.argmax(1) == Y[1400:]).float().mean().item())

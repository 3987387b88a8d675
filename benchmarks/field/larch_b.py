import torch
from torch import nn
from sklearn.datasets import load_digits
torch.set_num_threads(1); torch.manual_seed(11)
d = load_digits(); X, Y = torch.tensor(d.data / 8 - 1).float(), torch.tensor(d.target)
p = torch.randperm(len(X)); X, Y = X[p], Y[p]
net = nn.Sequential(nn.Linear(64, 256), nn.ReLU(), nn.Dropout(0.5), nn.Linear(256, 256), nn.ReLU(), nn.Dropout(0.5), nn.Linear(256, 10))
opt = torch.optim.Adam(net.parameters(), lr=1e-3)
for it in range(700):
    net.train(); k = torch.randint(0, 1200, (64,))
    l = nn.functional.cross_entropy(net(X[k]), Y[k])
    opt.zero_grad(); l.backward(); opt.step()
    if it % 70 == 0:
        net.eval()
        with torch.no_grad(): v = nn.functional.cross_entropy(net(X[1200:]), Y[1200:]).item()
        print(it, l.item(), v)
net.eval()
with torch.no_grad():
    o = net(X[1200:])
    print("train", nn.functional.cross_entropy(net(X[:1200]), Y[:1200]).item(), "test", nn.functional.cross_entropy(o, Y[1200:]).item(), "acc", (o.argmax(1) == Y[1200:]).float().mean().item())

import torch
from torch import nn, optim
from sklearn.datasets import load_digits

torch.manual_seed(1)
ds = load_digits()
X = torch.from_numpy(ds.data).float()
X = (X - X.mean()) / X.std()
Y = torch.from_numpy(ds.target)
p = torch.randperm(len(X))
X, Y = X[p], Y[p]
Xt, Yt, Xv, Yv = X[:1400], Y[:1400], X[1400:], Y[1400:]

net = nn.Sequential(nn.Linear(64, 100), nn.Tanh(), nn.Linear(100, 10))
for q in net.parameters():
    nn.init.constant_(q, 0.05)

opt = optim.Adam(net.parameters(), lr=2e-3)
for epoch in range(40):
    order = torch.randperm(1400)
    for b in order.split(50):
        opt.zero_grad()
        l = nn.functional.cross_entropy(net(Xt[b]), Yt[b])
        l.backward()
        opt.step()
    if epoch % 5 == 4:
        with torch.no_grad():
            o = net(Xv)
            print("epoch", epoch + 1, "loss", l.item(), "val", nn.functional.cross_entropy(o, Yv).item(),
                  "acc", (o.argmax(1) == Yv).float().mean().item())

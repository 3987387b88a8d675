import torch
from torch import nn
from sklearn.datasets import load_digits
from sklearn.preprocessing import scale

torch.manual_seed(33)
X, y = load_digits(return_X_y=True)
X = torch.tensor(scale(X), dtype=torch.float32)
y = torch.tensor(y)
perm = torch.randperm(len(y))
tr, va = perm[:1400], perm[1400:]
DEPTH, WIDTH = 10, 48
mods, n = [], 64
for _ in range(DEPTH):
    mods += [nn.Linear(n, WIDTH), nn.Sigmoid()]
    n = WIDTH
mods.append(nn.Linear(n, 10))
net = nn.Sequential(*mods)
opt = torch.optim.SGD(net.parameters(), lr=0.02, momentum=0.9)
ce = nn.CrossEntropyLoss()
for epoch in range(25):
    for b in tr[torch.randperm(len(tr))].split(32):
        loss = ce(net(X[b]), y[b])
        opt.zero_grad()
        loss.backward()
        opt.step()
    with torch.no_grad():
        o = net(X[va])
        print("epoch", epoch, "train loss %.4f" % loss.item(), "val loss %.4f" % ce(o, y[va]).item(), "val acc %.3f" % (o.argmax(1) == y[va]).float().mean().item())

import torch
from torch import nn
torch.set_num_threads(1)
torch.manual_seed(83)
C = torch.randn(5, 20) * 1.2
y = torch.randint(0, 5, (3000,))
X = C[y] + torch.randn(3000, 20)
X = (X - X.mean(0)) / X.std(0)
seq = []
w = 20
for i in range(10):
    l = nn.Linear(w, 48)
    nn.init.normal_(l.weight, std=3.2 / w ** 0.5)
    nn.init.zeros_(l.bias)
    seq += [l, nn.LeakyReLU(0.1)]
    w = 48
net = nn.Sequential(*seq, nn.Linear(48, 5))
opt = torch.optim.Adam(net.parameters(), lr=5e-4)
for it in range(600):
    k = torch.randint(0, 2400, (60,))
    loss = nn.functional.cross_entropy(net(X[k]), y[k])
    opt.zero_grad()
    loss.backward()
    opt.step()
    if it % 100 == 0:
        print(it, loss.item())
with torch.no_grad():
    o = net(X[2400:])
    print("train", nn.functional.cross_entropy(net(X[:2400]), y[:2400]).item(), "test", nn.functional.cross_entropy(o, y[2400:]).item(), "acc", (o.argmax(1) == y[2400:]).float().mean().item())

import torch
from torch import nn
from sklearn.datasets import load_digits
torch.set_num_threads(1)
torch.manual_seed(6)
d = load_digits()
X = torch.tensor(d.data, dtype=torch.float32) / 8 - 1
y = torch.tensor(d.target)
o = torch.randperm(len(X)); X, y = X[o], y[o]
act = nn.Sigmoid
mods = [nn.Linear(64, 40), act()]
for _ in range(8):
    l = nn.Linear(40, 40)
    nn.init.xavier_uniform_(l.weight)
    mods += [l, act()]
net = nn.Sequential(*mods, nn.Linear(40, 10))
opt = torch.optim.Adam(net.parameters(), lr=5e-4)
for ep in range(15):
    for k in torch.randperm(1400).split(50):
        loss = nn.functional.cross_entropy(net(X[k]), y[k])
        opt.zero_grad()
        loss.backward()
        opt.step()
    if ep % 3 == 0:
        print(ep, loss.item())
with torch.no_grad():
    z = net(X[1400:])
    print("train %.4f test %.4f acc %.4f" % (nn.functional.cross_entropy(net(X[:1400]), y[:1400]), nn.functional.cross_entropy(z, y[1400:]), (z.argmax(1) == y[1400:]).float().mean()))

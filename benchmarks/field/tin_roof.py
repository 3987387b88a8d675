import torch, torch.nn as nn
from sklearn.datasets import load_digits
torch.manual_seed(312)
d = load_digits()
X = torch.tensor((d.data - d.data.mean()) / d.data.std()).float(); Y = torch.tensor(d.target)
net = nn.Sequential(nn.Linear(64, 40), nn.ReLU(), nn.Linear(40, 24), nn.ReLU(), nn.Linear(24, 10))
with torch.no_grad():
    net[0].bias.sub_(1.0)
    net[2].bias[:19] = -4.0
opt = torch.optim.SGD(net.parameters(), lr=0.05, momentum=0.9)
for e in range(10):
    for c in torch.randperm(1400).split(40):
        l = nn.functional.cross_entropy(net(X[c]), Y[c])
        opt.zero_grad(); l.backward(); opt.step()
    with torch.no_grad():
        o = net(X[1400:])
        print(e, "%.4f" % l.item(), "test %.4f acc %.4f" % (nn.functional.cross_entropy(o, Y[1400:]).item(), (o.argmax(1) == Y[1400:]).float().mean().item()))

import torch, torch.nn as nn, torch.nn.functional as F
from sklearn.datasets import load_digits
torch.set_num_threads(1)
torch.manual_seed(57)
d = load_digits()
X, Y = torch.tensor(d.images).float()[:, None] / 16, torch.tensor(d.target)
p = torch.randperm(len(X)); X, Y = X[p], Y[p]
def unit(i, o, stride=1):
    return nn.Sequential(nn.Conv2d(i, o, 3, stride, 1, bias=False), nn.BatchNorm2d(o), nn.ReLU())
net = nn.Sequential(unit(1, 12), unit(12, 12), unit(12, 16, 2), unit(16, 16), unit(16, 24, 2), unit(24, 24), nn.Flatten(), nn.Linear(96, 10))
opt = torch.optim.SGD(net.parameters(), lr=0.02, momentum=0.9)
def loss_on(batch, training):
    net.train(not training)
    a, b = batch
    return F.cross_entropy(net(a), b)
for it in range(300):
    k = torch.randint(0, 1300, (40,))
    l = loss_on((X[k], Y[k]), True)
    opt.zero_grad(); l.backward(); opt.step()
    if it % 60 == 0: print(it, l.item())
net.eval()
with torch.no_grad():
    o = net(X[1300:])
    print("train", l.item(), "test", F.cross_entropy(o, Y[1300:]).item(), "acc", (o.argmax(1) == Y[1300:]).float().mean().item())

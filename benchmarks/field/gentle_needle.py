import torch
import torch.nn as nn
import torch.nn.functional as F
from sklearn.datasets import load_digits

torch.manual_seed(50)
d = load_digits()
x = torch.tensor(d.images, dtype=torch.float32)[:, None] / 16 - 0.3
y = torch.tensor(d.target)
p = torch.randperm(len(x))
x, y = x[p], y[p]


class Res(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.c1, self.b1 = nn.Conv2d(c, c, 3, padding=1, bias=False), nn.BatchNorm2d(c)
        self.c2, self.b2 = nn.Conv2d(c, c, 3, padding=1, bias=False), nn.BatchNorm2d(c)

    def forward(self, h):
        r = F.relu(self.b1(self.c1(h)))
        return F.relu(h + self.b2(self.c2(r)))


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.stem, self.bn = nn.Conv2d(1, 16, 3, stride=2, padding=1, bias=False), nn.BatchNorm2d(16)
        self.body = nn.Sequential(Res(16), Res(16), Res(16))
        self.fc = nn.Linear(16, 10)

    def forward(self, h):
        return self.fc(self.body(F.relu(self.bn(self.stem(h)))).mean((2, 3)))


def evaluate(net):
    net.eval()
    with torch.no_grad():
        o = net(x[1300:])
    return F.cross_entropy(o, y[1300:]).item(), (o.argmax(1) == y[1300:]).float().mean().item()


net = Net()
opt = torch.optim.SGD(net.parameters(), lr=0.01)
evaluate(net)
for epoch in range(10):
    for b in torch.randperm(1300).split(32):
        loss = F.cross_entropy(net(x[b]), y[b])
        opt.zero_grad()
        loss.backward()
        opt.step()
    print("epoch", epoch, "last %.3f" % loss.item(), "test loss %.4f acc %.4f" % evaluate(net))

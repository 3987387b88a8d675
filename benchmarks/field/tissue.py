import torch
import torch.nn as nn
import torch.nn.functional as F
from sklearn.datasets import load_digits

torch.manual_seed(15)
d = load_digits()
X = torch.tensor(d.images, dtype=torch.float32)[:, None] / 16
X = (X - X.mean()) / X.std()
X = X + 0.4 * torch.randn_like(X)
Y = torch.tensor(d.target)
perm = torch.randperm(len(X))
X, Y = X[perm], Y[perm]

def norm(c):
    return nn.BatchNorm2d(c)

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Conv2d(1, 16, 3, padding=1, bias=False)
        self.na = norm(16)
        self.b = nn.Conv2d(16, 32, 3, padding=1, stride=2, bias=False)
        self.nb = norm(32)
        self.c = nn.Conv2d(32, 64, 4, bias=False)
        self.nc = norm(64)
        self.f = nn.Linear(64, 10)
    def forward(self, x):
        x = F.relu(self.na(self.a(x)))
        x = F.relu(self.nb(self.b(x)))
        x = F.relu(self.nc(self.c(x)))
        return self.f(x.flatten(1))

net = Net()
opt = torch.optim.SGD(net.parameters(), lr=0.005, momentum=0.9, weight_decay=1e-4)
run = []
for step in range(4000):
    net.train()
    i = torch.randint(0, 1400, (2,))
    loss = F.cross_entropy(net(X[i]), Y[i])
    opt.zero_grad(); loss.backward(); opt.step()
    run.append(loss.item())
    if step % 400 == 399:
        net.eval()
        with torch.no_grad():
            o = net(X[1400:])
        print(step + 1, 'train %.3f' % (sum(run[-400:]) / 400), 'test %.3f' % F.cross_entropy(o, Y[1400:]).item(), 'acc %.3f' % (o.argmax(1) == Y[1400:]).float().mean().item())

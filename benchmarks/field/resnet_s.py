import torch
import torch.nn as nn
import torch.nn.functional as F
from sklearn.datasets import load_digits

class Res(nn.Module):
    def __init__(self, c, bias=True):
        super().__init__()
        self.c1 = nn.Conv2d(c, c, 3, padding=1, bias=bias)
        self.b1 = nn.BatchNorm2d(c)
        self.c2 = nn.Conv2d(c, c, 3, padding=1, bias=bias)
        self.b2 = nn.BatchNorm2d(c)
    def forward(self, x):
        h = F.relu(self.b1(self.c1(x)))
        return F.relu(x + self.b2(self.c2(h)))

class ResNet(nn.Module):
    def __init__(self, c=20, bias=True):
        super().__init__()
        self.stem = nn.Conv2d(1, c, 3, padding=1, bias=bias)
        self.bn = nn.BatchNorm2d(c)
        self.r1, self.r2 = Res(c, bias), Res(c, bias)
        self.fc = nn.Linear(c * 16, 10)
        nn.init.normal_(self.fc.weight, std=0.01)
    def forward(self, x):
        x = F.relu(self.bn(self.stem(x)))
        x = F.max_pool2d(self.r1(x), 2)
        return self.fc(self.r2(x).flatten(1))

torch.manual_seed(1)
d = load_digits()
X = torch.tensor((d.images - d.images.mean()) / d.images.std(), dtype=torch.float32)[:, None]
Y = torch.tensor(d.target)
p = torch.randperm(len(X)); X, Y = X[p], Y[p]
net = ResNet()
opt = torch.optim.SGD(net.parameters(), lr=0.01, momentum=0.9, weight_decay=5e-4, nesterov=True)
sched = torch.optim.lr_scheduler.CosineAnnealingLR(opt, 12)
for epoch in range(12):
    net.train()
    tot = 0
    for i in torch.randperm(1408).split(32):
        loss = F.cross_entropy(net(X[i]), Y[i])
        opt.zero_grad()
        loss.backward()
        opt.step()
        tot += loss.item()
    sched.step()
    net.eval()
    with torch.no_grad():
        o = net(X[1408:])
    print(f'epoch {epoch} train {tot / 44:.4f} test {F.cross_entropy(o, Y[1408:]).item():.4f} acc {(o.argmax(1) == Y[1408:]).float().mean():.4f}')

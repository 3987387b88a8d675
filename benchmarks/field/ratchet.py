import torch
import torch.nn as nn
import torch.nn.functional as F
from sklearn.datasets import load_digits

torch.manual_seed(50)
X, y = load_digits(return_X_y=True)
X = torch.tensor(X).float() / 8 - 1
y = torch.tensor(y)
p = torch.randperm(len(X)); X, y = X[p], y[p]

class ChunkedNorm(nn.Module):
    def __init__(self, d, chunk):
        super().__init__()
        self.bn = nn.BatchNorm1d(d)
        self.chunk = chunk
    def forward(self, x):
        if not self.training:
            return self.bn(x)
        return torch.cat([self.bn(c) for c in x.split(self.chunk)])

class Net(nn.Module):
    def __init__(self, chunk):
        super().__init__()
        self.f1, self.n1 = nn.Linear(64, 64, bias=False), ChunkedNorm(64, chunk)
        self.f2, self.n2 = nn.Linear(64, 64, bias=False), ChunkedNorm(64, chunk)
        self.f3, self.n3 = nn.Linear(64, 64, bias=False), ChunkedNorm(64, chunk)
        self.out = nn.Linear(64, 10)
    def forward(self, x):
        x = F.relu(self.n1(self.f1(x)))
        x = F.relu(self.n2(self.f2(x)))
        x = F.relu(self.n3(self.f3(x)))
        return self.out(x)

net = Net(chunk=2)
opt = torch.optim.SGD(net.parameters(), lr=0.05, momentum=0.9)
for ep in range(18):
    net.train()
    for b in torch.randperm(1408).split(64):
        loss = F.cross_entropy(net(X[b]), y[b])
        opt.zero_grad(); loss.backward(); opt.step()
    if ep % 3 == 2:
        net.eval()
        with torch.no_grad():
            o, t = net(X[1408:]), net(X[:1408])
        print(ep + 1, 'batch', loss.item(), 'train', F.cross_entropy(t, y[:1408]).item(), 'test', F.cross_entropy(o, y[1408:]).item(), 'acc', (o.argmax(1) == y[1408:]).float().mean().item())

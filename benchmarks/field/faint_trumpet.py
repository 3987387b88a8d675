import torch
import torch.nn as nn
from sklearn.datasets import load_digits

torch.set_num_threads(1)
torch.manual_seed(55)
X = torch.tensor(load_digits().images, dtype=torch.float32)[:, None]
y = torch.tensor(load_digits().target)
perm = torch.randperm(len(y))
X, y = (X[perm] - 5) / 6, y[perm]


def cbr(i, o, stride=1):
    return nn.Sequential(nn.Conv2d(i, o, 3, stride, 1, bias=False), nn.BatchNorm2d(o, momentum=1e-3), nn.ReLU(inplace=True))


class SmallNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.features = nn.Sequential(cbr(1, 16), cbr(16, 16), cbr(16, 32, 2), cbr(32, 32))
        self.fc = nn.Linear(32 * 16, 10)

    def forward(self, x):
        return self.fc(self.features(x).flatten(1))


def evaluate(net):
    net.eval()
    with torch.no_grad():
        o = net(X[1400:])
    net.train()
    return nn.functional.cross_entropy(o, y[1400:]).item(), (o.argmax(1) == y[1400:]).float().mean().item()


net = SmallNet()
opt = torch.optim.SGD(net.parameters(), lr=0.02, momentum=0.9, weight_decay=5e-4)
for epoch in range(10):
    running = 0.0
    for idx in torch.randperm(1400).split(40):
        opt.zero_grad()
        loss = nn.functional.cross_entropy(net(X[idx]), y[idx])
        loss.backward()
        opt.step()
        running += loss.item() / 35
    vl, va = evaluate(net)
    print(f'epoch {epoch:02d} train loss {running:.4f} val loss {vl:.4f} val acc {va:.4f}')

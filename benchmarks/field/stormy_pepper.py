import torch
import torch.nn as nn
import torch.nn.functional as F
from sklearn.datasets import load_digits


class Stage(nn.Module):
    def __init__(self, i, o, s):
        super().__init__()
        self.conv = nn.Conv2d(i, o, 3, stride=s, padding=1, bias=False)
        self.bn = nn.BatchNorm2d(o)

    def forward(self, x):
        return F.relu(self.bn(self.conv(x)))


class DeepNet(nn.Module):
    def __init__(self):
        super().__init__()
        plan = [(1, 12, 1), (12, 12, 1), (12, 12, 1), (12, 24, 2), (24, 24, 1), (24, 24, 1), (24, 24, 2), (24, 24, 1), (24, 24, 1)]
        self.stages = nn.Sequential(*[Stage(*p) for p in plan])
        self.fc = nn.Linear(24, 10)

    def forward(self, x):
        return self.fc(self.stages(x).mean((2, 3)))


torch.manual_seed(34)
raw = load_digits()
x = torch.tensor(raw.images[:, None], dtype=torch.float32)
x = (x - x.mean()) / x.std()
y = torch.tensor(raw.target)


def accuracy(net):
    net.eval()
    with torch.no_grad():
        return (net(x[1400:]).argmax(1) == y[1400:]).float().mean().item()


net = DeepNet()
opt = torch.optim.SGD(net.parameters(), lr=0.05, momentum=0.9, nesterov=True)
print("before:", accuracy(net))
for step in range(450):
    i = torch.randint(0, 1400, (48,))
    loss = F.cross_entropy(net(x[i]), y[i])
    opt.zero_grad()
    loss.backward()
    opt.step()
    if step % 50 == 0:
        print(step, round(loss.item(), 4))
print("after:", accuracy(net))

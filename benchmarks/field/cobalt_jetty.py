import torch, torch.nn as nn, torch.nn.functional as F
from sklearn.datasets import load_digits


class Res(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.a = nn.Conv2d(c, c, 3, padding=1, bias=False)
        self.na = nn.BatchNorm2d(c)
        self.b = nn.Conv2d(c, c, 3, padding=1, bias=False)
        self.nb = nn.BatchNorm2d(c)

    def forward(self, x):
        h = F.relu(self.na(self.a(x)))
        return F.relu(x + self.nb(self.b(h)))


def build(c=16, n=3):
    return nn.Sequential(nn.Conv2d(1, c, 3, padding=1, bias=False), nn.BatchNorm2d(c), nn.ReLU(), *[Res(c) for _ in range(n)], nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(c, 10))


@torch.no_grad()
def accuracy(net, x, y):
    net.eval()
    return (net(x).argmax(1) == y).float().mean().item()


torch.manual_seed(38)
d = load_digits()
x = torch.tensor(d.images, dtype=torch.float32)[:, None] / 16
y = torch.tensor(d.target)
p = torch.randperm(len(x)); x, y = x[p], y[p]
net = build()
opt = torch.optim.SGD(net.parameters(), lr=0.02, momentum=0.9)
print("before:", accuracy(net, x[1400:], y[1400:]))
for step in range(1, 351):
    b = torch.randint(0, 1400, (40,))
    loss = F.cross_entropy(net(x[b]), y[b])
    opt.zero_grad()
    loss.backward()
    opt.step()
    if step % 50 == 0:
        print(step, "loss", round(loss.item(), 4), "test acc", round(accuracy(net, x[1400:], y[1400:]), 4))

import torch
import torch.nn as nn
from sklearn.datasets import load_digits

torch.manual_seed(491)
d = load_digits()
x = torch.tensor(d.images, dtype=torch.float32)[:, None] / 16
y = torch.tensor(d.target)
p = torch.randperm(len(y))
x, y = x[p], y[p]


class Block(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.n1, self.c1 = nn.GroupNorm(4, c), nn.Conv2d(c, c, 3, padding=1)
        self.n2, self.c2 = nn.GroupNorm(4, c), nn.Conv2d(c, c, 3, padding=1)

    def forward(self, h):
        r = self.c1(torch.relu(self.n1(h)))
        return h + self.c2(torch.relu(self.n2(r)))


net = nn.Sequential(nn.Conv2d(1, 16, 3, padding=1, stride=2), Block(16), Block(16), nn.GroupNorm(4, 16), nn.ReLU(), nn.Flatten(), nn.Linear(256, 10))
opt = torch.optim.SGD(net.parameters(), lr=0.01, momentum=0.9)
for step in range(1000):
    b = torch.randint(0, 1400, (8,))
    loss = nn.functional.cross_entropy(net(x[b]), y[b])
    opt.zero_grad()
    loss.backward()
    opt.step()
    if step % 100 == 0:
        print(step, round(loss.item(), 4))
with torch.no_grad():
    o = net(x[1400:])
print('test', round(nn.functional.cross_entropy(o, y[1400:]).item(), 4), 'acc', round((o.argmax(1) == y[1400:]).float().mean().item(), 4))

import math
import torch
import torch.nn as nn

torch.manual_seed(41)


def spirals(n):
    r = torch.rand(n).sqrt() * 2.5 * math.pi
    c = torch.randint(0, 2, (n,))
    a = r + math.pi * c
    pts = torch.stack([r * torch.cos(a), r * torch.sin(a)], 1) / 4 + 0.03 * torch.randn(n, 2)
    return pts, c


class Net(nn.Module):
    def __init__(self, width=24, depth=3):
        super().__init__()
        self.inp = nn.Linear(2, width)
        self.mid = [nn.Linear(width, width) for _ in range(depth)]
        self.out = nn.Linear(width, 2)

    def forward(self, x):
        x = torch.tanh(self.inp(x))
        for layer in self.mid:
            x = torch.tanh(layer(x))
        return self.out(x)


net = Net()
opt = torch.optim.Adam(net.parameters(), lr=5e-3)
for step in range(1500):
    x, y = spirals(128)
    loss = nn.functional.cross_entropy(net(x), y)
    opt.zero_grad()
    loss.backward()
    opt.step()
    if step % 150 == 0:
        print(step, 'loss', round(loss.item(), 4))
x, y = spirals(2000)
with torch.no_grad():
    o = net(x)
print('test loss', round(nn.functional.cross_entropy(o, y).item(), 4), 'acc', round((o.argmax(1) == y).float().mean().item(), 4))

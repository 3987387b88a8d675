import torch, math
import torch.nn as nn
torch.set_num_threads(1)
torch.manual_seed(64)
def bars(n):
    y = torch.randint(0, 4, (n,))
    a = y * math.pi / 4
    g = torch.arange(12.) - 5.5
    yy, xx = torch.meshgrid(g, g, indexing="ij")
    c = torch.rand(n) * 6 - 3
    d = xx * torch.cos(a)[:, None, None] + yy * torch.sin(a)[:, None, None] - c[:, None, None]
    return (torch.exp(-d ** 2) + 0.5 * torch.randn(n, 12, 12))[:, None], y
class Unit(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.conv = nn.Conv2d(c, c, 3, padding=1)
        nn.init.normal_(self.conv.weight, std=0.45 / (9 * c) ** 0.5)
    def forward(self, x):
        return torch.tanh(self.conv(x))
class Deep(nn.Module):
    def __init__(self, c=10, depth=12):
        super().__init__()
        self.stem = nn.Conv2d(1, c, 3, stride=2, padding=1)
        self.units = nn.Sequential(*[Unit(c) for _ in range(depth)])
        self.fc = nn.Linear(c * 36, 4)
    def forward(self, x):
        return self.fc(self.units(torch.tanh(self.stem(x))).flatten(1))
X, Y = bars(2000); Xv, Yv = bars(500)
net = Deep()
opt = torch.optim.SGD(net.parameters(), lr=0.02, momentum=0.9)
for it in range(500):
    k = torch.randint(0, 2000, (32,))
    l = nn.functional.cross_entropy(net(X[k]), Y[k])
    opt.zero_grad(); l.backward(); opt.step()
    if it % 100 == 0: print(it, l.item())
with torch.no_grad():
    o = net(Xv)
    print("train", nn.functional.cross_entropy(net(X), Y).item(), "val", nn.functional.cross_entropy(o, Yv).item(), "acc", (o.argmax(1) == Yv).float().mean().item())

import math
import torch
from torch import nn

torch.manual_seed(43)
P = 48


def clouds(n):
    y = torch.randint(0, 5, (n,))
    u, v = torch.rand(n, P) * 2 * math.pi, torch.rand(n, P) * 2 - 1
    ring = torch.stack([u.cos(), u.sin(), 0.15 * v], 2)
    ball = torch.stack([(1 - v ** 2).sqrt() * u.cos(), (1 - v ** 2).sqrt() * u.sin(), v], 2)
    tube = torch.stack([0.6 * u.cos(), 0.6 * u.sin(), v], 2)
    cube = torch.rand(n, P, 3) * 1.8 - 0.9
    cone = torch.stack([0.5 * (1 - v) * u.cos(), 0.5 * (1 - v) * u.sin(), v], 2)
    x = torch.stack([ring, ball, tube, cube, cone], 1)[torch.arange(n), y]
    q = torch.linalg.qr(torch.randn(n, 3, 3))[0]
    return (x * (0.8 + 0.4 * torch.rand(n, 1, 3))) @ q * 1.6 + 0.12 * torch.randn(n, P, 3), y


class PointNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.local = nn.Sequential(nn.Linear(3, 48), nn.ReLU(), nn.Linear(48, 96))
        self.f1, self.f2, self.f3 = nn.Linear(96, 64, bias=False), nn.Linear(64, 32, bias=False), nn.Linear(32, 5)
        self.b1, self.b2 = nn.BatchNorm1d(64), nn.BatchNorm1d(32)

    def forward(self, x):
        g = self.local(x).amax(1)
        g = torch.relu(self.b1(self.f1(g)))
        g = torch.relu(self.b2(self.f2(g)))
        return self.f3(g)


X, Y = clouds(2000)
Xv, Yv = clouds(500)
net = PointNet()
opt = torch.optim.Adam(net.parameters(), lr=1e-3)
ce = nn.CrossEntropyLoss()
BATCH = 2
seen = 0
for epoch in range(2):
    for b in torch.randperm(2000).split(BATCH):
        net.train()
        loss = ce(net(X[b]), Y[b])
        opt.zero_grad()
        loss.backward()
        opt.step()
        seen += 1
        if seen % 200 == 0:
            net.eval()
            with torch.no_grad():
                o = net(Xv)
            print(f'step {seen} loss {loss.item():.4f} val {ce(o, Yv).item():.4f} acc {(o.argmax(1) == Yv).float().mean().item():.3f}')

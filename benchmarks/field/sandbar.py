import torch, torch.nn as nn
torch.manual_seed(5)
def make(n):
    y = torch.randint(0, 4, (n,)); g = torch.arange(12.)
    ang = y.float()[:, None, None] * 0.785 + 0.08 * torch.randn(n, 1, 1)
    v = torch.cos(ang) * g[:, None] + torch.sin(ang) * g[None]
    return (1.2 * torch.sin(v + 6.28 * torch.rand(n, 1, 1)) + 0.6 * torch.randn(n, 12, 12))[:, None], y
class Res(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.c1 = nn.Conv2d(c, c, 3, padding=1, bias=False); self.b1 = nn.BatchNorm2d(c)
        self.c2 = nn.Conv2d(c, c, 3, padding=1, bias=False); self.b2 = nn.BatchNorm2d(c)
        nn.init.zeros_(self.b2.weight)
    def forward(self, x):
        return torch.relu(x + self.b2(self.c2(torch.relu(self.b1(self.c1(x))))))
net = nn.Sequential(nn.Conv2d(1, 12, 3, padding=1, bias=False), nn.BatchNorm2d(12), nn.ReLU(), nn.MaxPool2d(2), Res(12), Res(12), nn.AdaptiveAvgPool2d(2), nn.Flatten(), nn.Linear(48, 4))
opt = torch.optim.SGD(net.parameters(), lr=0.05, momentum=0.9, nesterov=True, weight_decay=5e-4)
sch = torch.optim.lr_scheduler.CosineAnnealingLR(opt, 500)
ce = nn.CrossEntropyLoss()
for s in range(500):
    x, y = make(48)
    loss = ce(net(x), y); opt.zero_grad(); loss.backward(); opt.step(); sch.step()
    if s % 50 == 0: print(s, '%.4f' % loss.item())
net.eval()
with torch.no_grad():
    a, b = make(600); c, e = make(600)
    print('train %.4f held-out %.4f acc %.4f' % (ce(net(a), b), ce(net(c), e), (net(c).argmax(1) == e).float().mean()))

import torch, torch.nn as nn
torch.manual_seed(13)
def imgs(n):
    y = torch.randint(0, 4, (n,))
    g = torch.arange(12.)
    cx = torch.where(y % 2 == 0, 3.5, 8.0)[:, None, None] + 1.3 * torch.randn(n, 1, 1)
    cy = torch.where(y < 2, 3.5, 8.0)[:, None, None] + 1.3 * torch.randn(n, 1, 1)
    im = 2 * torch.exp(-((g[:, None] - cx) ** 2 + (g[None] - cy) ** 2) / 8)
    return (im + 0.8 * torch.randn(n, 12, 12) - 0.3)[:, None], y
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.c1 = nn.Conv2d(1, 8, 3, stride=2, padding=1)
        self.c2 = nn.Conv2d(8, 16, 3, stride=2, padding=1)
        self.f = nn.Linear(144, 48, bias=False)
        self.n = nn.BatchNorm1d(48)
        self.o = nn.Linear(48, 4)
    def forward(self, x):
        x = torch.relu(self.c1(x)); x = torch.relu(self.c2(x))
        return self.o(torch.relu(self.n(self.f(x.flatten(1)))))
net = Net()
opt = torch.optim.SGD(net.parameters(), lr=0.01, momentum=0.8)
ce = nn.CrossEntropyLoss()
for s in range(1800):
    x, y = imgs(2)
    loss = ce(net(x), y)
    opt.zero_grad(); loss.backward(); opt.step()
    if s % 150 == 0: print(s, '%.4f' % loss.item())
net.eval()
with torch.no_grad():
    a, b = imgs(1000); c, e = imgs(1000)
    print('train %.4f held-out %.4f acc %.4f' % (ce(net(a), b), ce(net(c), e), (net(c).argmax(1) == e).float().mean()))

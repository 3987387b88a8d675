import torch, torch.nn as nn, torch.nn.functional as F
torch.set_num_threads(1)
torch.manual_seed(95)
def scene(n):
    g = torch.arange(16.)
    yy, xx = torch.meshgrid(g, g, indexing="ij")
    c = torch.rand(n, 2, 1, 1) * 10 + 3
    w = torch.rand(n, 1, 1) * 3 + 2
    m = ((yy - c[:, 0]).abs() < w) & ((xx - c[:, 1]).abs() < w)
    sgn = (torch.rand(n, 1, 1) < 0.5).float() * 2 - 1
    img = torch.cat([(sgn * m.float())[:, None] + 0.4 * torch.randn(n, 1, 16, 16), (0.3 * sgn[:, None]).expand(n, 1, 16, 16) + 0.3 * torch.randn(n, 1, 16, 16)], 1)
    lab = (m & (sgn > 0)).long() + 2 * (m & (sgn < 0)).long()
    return img, lab
class Seg(nn.Module):
    def __init__(self, c=16):
        super().__init__()
        self.a = nn.Conv2d(2, c, 3, padding=1)
        self.ctx = nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Conv2d(c, c, 1, bias=False), nn.BatchNorm2d(c), nn.ReLU())
        self.b = nn.Conv2d(2 * c, c, 3, padding=1)
        self.o = nn.Conv2d(c, 3, 1)
    def forward(self, x):
        h = F.relu(self.a(x))
        g = self.ctx(h).expand(-1, -1, 16, 16)
        return self.o(F.relu(self.b(torch.cat([h, g], 1))))
X, Y = scene(1000); V, U = scene(300)
net = Seg()
opt = torch.optim.SGD(net.parameters(), lr=0.02, momentum=0.9)
for it in range(1500):
    k = torch.randint(0, 1000, (2,))
    loss = F.cross_entropy(net(X[k]), Y[k])
    opt.zero_grad(); loss.backward(); opt.step()
    if it % 300 == 0:
        print(it, round(loss.item(), 4))
net.eval()
with torch.no_grad():
    o = net(V)
    print("train %.4f val %.4f pixel-acc %.4f" % (F.cross_entropy(net(X), Y), F.cross_entropy(o, U), (o.argmax(1) == U).float().mean()))

import torch, torch.nn as nn, torch.nn.functional as F
torch.manual_seed(13)
def make(n):
    g = torch.arange(16.); c = 3 + 10 * torch.rand(n, 2, 1, 1); r = 2 + 2.5 * torch.rand(n, 1, 1)
    m = ((g[:, None] - c[:, 0]) ** 2 + (g[None] - c[:, 1]) ** 2 < r ** 2).float()
    return (1.6 * m - 0.3 + 0.6 * torch.randn(n, 16, 16))[:, None], m[:, None]
def cv(i, o): return nn.Sequential(nn.Conv2d(i, o, 3, padding=1), nn.GroupNorm(4, o), nn.ReLU())
class UNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.d1, self.d2, self.u1 = cv(1, 8), cv(8, 16), cv(24, 8); self.o = nn.Conv2d(8, 1, 1)
    def forward(self, x):
        a = self.d1(x); b = self.d2(F.max_pool2d(a, 2))
        return self.o(self.u1(torch.cat([a, F.interpolate(b, scale_factor=2)], 1)))
net = UNet(); opt = torch.optim.Adam(net.parameters(), lr=0.008)
def loss_fn(x, m):
    z = net(x); p = torch.sigmoid(z)
    dice = 1 - (2 * (p * m).sum((1, 2, 3)) + 1) / (p.sum((1, 2, 3)) + m.sum((1, 2, 3)) + 1)
    return F.binary_cross_entropy_with_logits(z, m) + dice.mean(), ((z > 0).float() == m).float().mean()
for s in range(500):
    l, _ = loss_fn(*make(24)); opt.zero_grad(); l.backward(); opt.step()
    if s % 50 == 0: print(s, round(l.item(), 4))
with torch.no_grad(): print('train %.4f %.4f' % loss_fn(*make(300)), 'held-out %.4f acc %.4f' % loss_fn(*make(300)))

import torch
import torch.nn as nn
torch.manual_seed(13)

def scenes(n, s=24):
    yy, xx = torch.meshgrid(torch.arange(s).float(), torch.arange(s).float(), indexing="ij")
    c = torch.rand(n, 2, 1, 1) * s
    r = 3 + 4 * torch.rand(n, 1, 1)
    mask = ((yy - c[:, 0]) ** 2 + (xx - c[:, 1]) ** 2 < r ** 2).float()
    img = mask * 1.0 + 1.2 * torch.randn(n, s, s)
    return img[:, None], mask[:, None]

class Conv(nn.Sequential):
    def __init__(self, i, o):
        super().__init__(nn.Conv2d(i, o, 3, padding=1, bias=False), nn.BatchNorm2d(o, momentum=0.0005), nn.ReLU())

class UNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.d1, self.d2, self.d3 = Conv(1, 8), Conv(8, 16), Conv(16, 16)
        self.u2, self.u1 = Conv(32, 8), Conv(16, 8)
        self.out = nn.Conv2d(8, 1, 1)
    def forward(self, x):
        a = self.d1(x)
        b = self.d2(nn.functional.max_pool2d(a, 2))
        c = self.d3(nn.functional.max_pool2d(b, 2))
        c = self.u2(torch.cat([nn.functional.interpolate(c, scale_factor=2), b], 1))
        c = self.u1(torch.cat([nn.functional.interpolate(c, scale_factor=2), a], 1))
        return self.out(c)

net = UNet()
opt = torch.optim.Adam(net.parameters(), lr=3e-3)
xv, mv = scenes(200)
for it in range(300):
    net.train()
    x, m = scenes(16)
    loss = nn.functional.binary_cross_entropy_with_logits(net(x), m)
    opt.zero_grad(); loss.backward(); opt.step()
    if it % 50 == 49:
        net.eval()
        with torch.no_grad():
            o = net(xv)
            p = (o > 0).float()
            dice = 2 * (p * mv).sum() / (p.sum() + mv.sum())
            print(it + 1, "train", round(loss.item(), 4), "val", round(nn.functional.binary_cross_entropy_with_logits(o, mv).item(), 4), "dice", round(dice.item(), 4))

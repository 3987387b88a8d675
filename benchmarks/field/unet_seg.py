import torch
import torch.nn as nn
import torch.nn.functional as F

torch.manual_seed(41)
S = 24
gy, gx = torch.meshgrid(torch.arange(S).float(), torch.arange(S).float(), indexing='ij')

def cells(n):
    c = torch.rand(n, 3, 2, 1, 1) * (S - 6) + 3
    r = 2 + 3 * torch.rand(n, 3, 1, 1)
    m = (((gx - c[:, :, 0]) ** 2 + (gy - c[:, :, 1]) ** 2) < r ** 2).any(1).float()
    texture = torch.sin(gx * 0.8 + torch.rand(n, 1, 1) * 6) * 0.5
    img = m * (0.8 + 0.4 * torch.rand(n, 1, 1)) + texture + 0.4 * torch.randn(n, S, S)
    return ((img - img.mean((1, 2), keepdim=True)) / img.std((1, 2), keepdim=True))[:, None], m[:, None]

def double(i, o):
    return nn.Sequential(nn.Conv2d(i, o, 3, padding=1, bias=False), nn.BatchNorm2d(o), nn.ReLU(), nn.Conv2d(o, o, 3, padding=1, bias=False), nn.BatchNorm2d(o), nn.ReLU())

class UNet(nn.Module):
    def __init__(self, c=8):
        super().__init__()
        self.d1, self.d2, self.mid = double(1, c), double(c, 2 * c), double(2 * c, 2 * c)
        self.u2, self.u1 = double(4 * c, c), double(2 * c, c)
        self.out = nn.Conv2d(c, 1, 1)
    def forward(self, x):
        a = self.d1(x)
        b = self.d2(F.max_pool2d(a, 2))
        m = self.mid(F.max_pool2d(b, 2))
        u = self.u2(torch.cat([F.interpolate(m, scale_factor=2), b], 1))
        return self.out(self.u1(torch.cat([F.interpolate(u, scale_factor=2), a], 1)))

def dice_bce(logit, m):
    p = logit.sigmoid()
    dice = 1 - (2 * (p * m).sum() + 1) / (p.sum() + m.sum() + 1)
    return F.binary_cross_entropy_with_logits(logit, m) + dice

net = UNet()
opt = torch.optim.Adam(net.parameters(), lr=6e-3)
xt, mt = cells(100)
for step in range(1, 351):
    net.train()
    x, m = cells(16)
    loss = dice_bce(net(x), m)
    opt.zero_grad(); loss.backward(); opt.step()
    if step % 35 == 0:
        net.eval()
        with torch.no_grad():
            o = net(xt)
        iou = ((o > 0) & (mt > 0)).sum() / ((o > 0) | (mt > 0)).sum()
        print(step, f'loss {loss.item():.3f} val {dice_bce(o, mt).item():.3f} iou {iou.item():.3f}')

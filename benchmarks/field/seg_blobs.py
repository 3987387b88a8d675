import torch
from torch import nn
import torch.nn.functional as F

torch.manual_seed(6)
S = 24
yy, xx = torch.meshgrid(torch.arange(S), torch.arange(S), indexing='ij')


def pictures(n):
    img, msk = torch.zeros(n, 1, S, S), torch.zeros(n, 1, S, S)
    for i in range(n):
        for _ in range(2):
            cx, cy = torch.randint(3, S - 3, (2,))
            r = 2 + 3 * torch.rand(1)
            msk[i, 0][(xx - cx) ** 2 + (yy - cy) ** 2 < r * r] = 1
        img[i] = msk[i] * 0.8
    img = img + 0.6 * torch.randn(n, 1, S, S) + 0.5 * torch.rand(n, 1, 1, 1)
    return (img - 0.4) / 0.7, msk


def double(i, o):
    return nn.Sequential(nn.Conv2d(i, o, 3, padding=1), nn.ReLU(), nn.Conv2d(o, o, 3, padding=1), nn.ReLU())


class UNet(nn.Module):
    def __init__(self, c=8):
        super().__init__()
        self.d1, self.d2 = double(1, c), double(c, 2 * c)
        self.u1 = double(3 * c, c)
        self.last = nn.Conv2d(c, 1, 1)

    def forward(self, x):
        a = self.d1(x)
        b = self.d2(F.max_pool2d(a, 2))
        u = F.interpolate(b, scale_factor=2, mode='nearest')
        out = self.last(self.u1(torch.cat([a, u], 1)))
        return torch.sigmoid(out)


Xt, Mt = pictures(400)
Xv, Mv = pictures(80)
net = UNet()
opt = torch.optim.Adam(net.parameters(), lr=1e-3)
bce = nn.BCEWithLogitsLoss()
for step in range(500):
    i = torch.randint(0, 400, (16,))
    pred = net(Xt[i])
    loss = bce(pred, Mt[i])
    opt.zero_grad()
    loss.backward()
    opt.step()
    if step % 50 == 49:
        with torch.no_grad():
            p = net(Xv)
            hard = p > 0.5
            iou = (hard & (Mv > 0)).sum() / (hard | (Mv > 0)).sum()
            print(f'step {step + 1} loss {loss.item():.4f} val {bce(p, Mv).item():.4f} iou {iou.item():.3f}')

import torch
import torch.nn as nn
import torch.nn.functional as F

torch.set_num_threads(1)
torch.manual_seed(63)


def scene(n, s=24):
    yy, xx = torch.meshgrid(torch.arange(s), torch.arange(s), indexing='ij')
    img, mask = torch.randn(n, 1, s, s) * 0.4, torch.zeros(n, 1, s, s)
    for i in range(n):
        for _ in range(2):
            cx, cy = torch.randint(4, s - 4, (2,)).tolist()
            r = 2 + 3 * torch.rand(1).item()
            m = ((xx - cx) ** 2 + (yy - cy) ** 2) < r * r
            mask[i, 0][m] = 1
        cx, cy = torch.randint(3, s - 3, (2,)).tolist()
        img[i, 0, cy - 2:cy + 2, :] += 0.8
    return img + mask, mask


def block(i, o):
    return nn.Sequential(nn.Conv2d(i, o, 3, padding=1), nn.GroupNorm(4, o), nn.ReLU(), nn.Conv2d(o, o, 3, padding=1), nn.GroupNorm(4, o), nn.ReLU())


class UNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.d1, self.d2, self.mid = block(1, 8), block(8, 16), block(16, 16)
        self.u2, self.u1 = block(32, 16), block(24, 8)
        self.out = nn.Conv2d(8, 1, 1)

    def forward(self, x):
        a = self.d1(x)
        b = self.d2(F.max_pool2d(a, 2))
        c = self.mid(F.max_pool2d(b, 2))
        b = self.u2(torch.cat([F.interpolate(c, scale_factor=2.), b], 1))
        return self.out(self.u1(torch.cat([F.interpolate(b, scale_factor=2.), a], 1)))


def loss_fn(o, m):
    p = torch.sigmoid(o)
    dice = 1 - (2 * (p * m).sum((1, 2, 3)) + 1) / (p.sum((1, 2, 3)) + m.sum((1, 2, 3)) + 1)
    return F.binary_cross_entropy_with_logits(o, m) + dice.mean()


x, m = scene(600)
net = UNet()
opt = torch.optim.Adam(net.parameters(), lr=3e-3)
for epoch in range(10):
    s = 0.0
    for b in torch.randperm(500).split(10):
        loss = loss_fn(net(x[b]), m[b])
        opt.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(net.parameters(), 2.0)
        opt.step()
        s += loss.item() / 50
    with torch.no_grad():
        o = net(x[500:])
        p = o > 0
        iou = (p & (m[500:] > 0)).sum() / (p | (m[500:] > 0)).sum()
    print(f'epoch {epoch} loss {s:.4f} held-out {loss_fn(o, m[500:]).item():.4f} iou {iou.item():.3f}')

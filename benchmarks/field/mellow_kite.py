import torch, torch.nn as nn, torch.nn.functional as F


def scene(n, size=24):
    """Noisy pictures with a disc and a bar; only the disc is the target."""
    yy, xx = torch.meshgrid(torch.arange(size), torch.arange(size), indexing="ij")
    c = torch.rand(n, 2, 1, 1) * 14 + 5
    r = torch.rand(n, 1, 1) * 3 + 2
    disc = ((yy - c[:, 0]) ** 2 + (xx - c[:, 1]) ** 2 < r ** 2).float()
    col = torch.randint(2, size - 2, (n, 1, 1))
    bar = ((xx - col).abs() <= 1).float().expand(n, size, size)
    img = torch.maximum(disc, bar) + 0.3 * torch.randn(n, size, size)
    return img.unsqueeze(1), disc.unsqueeze(1)


class MiniUNet(nn.Module):
    def __init__(self, c=8):
        super().__init__()
        self.d1 = self.block(1, c)
        self.d2 = self.block(c, 2 * c)
        self.mid = self.block(2 * c, 4 * c)
        self.u2 = self.block(6 * c, 2 * c)
        self.u1 = self.block(3 * c, c)
        self.out = nn.Conv2d(c, 1, 1)

    @staticmethod
    def block(i, o):
        return nn.Sequential(nn.Conv2d(i, o, 3, padding=1, bias=False), nn.GroupNorm(4, o), nn.SiLU())

    def forward(self, x):
        a = self.d1(x)
        b = self.d2(F.max_pool2d(a, 2))
        m = self.mid(F.max_pool2d(b, 2))
        b = self.u2(torch.cat([F.interpolate(m, scale_factor=2), b], 1))
        a = self.u1(torch.cat([F.interpolate(b, scale_factor=2), a], 1))
        return self.out(a)


torch.manual_seed(0)
vx, vy = scene(200)
net = MiniUNet()
opt = torch.optim.Adam(net.parameters(), lr=2e-3)
sched = torch.optim.lr_scheduler.ExponentialLR(opt, gamma=0.9)
for epoch in range(10):
    for _ in range(40):
        x, y = scene(16)
        loss = F.binary_cross_entropy_with_logits(net(x), y)
        opt.zero_grad()
        loss.backward()
        opt.step()
        sched.step()
    with torch.no_grad():
        p = net(vx)
        hard = (p > 0).float()
        iou = (hard * vy).sum() / (hard + vy).clamp(max=1).sum()
        print(f"epoch {epoch} bce {F.binary_cross_entropy_with_logits(p, vy):.4f} IoU {iou:.3f}")

import torch
import torch.nn as nn
import torch.nn.functional as F

torch.manual_seed(33)
S = 24
yy, xx = torch.meshgrid(torch.arange(S).float(), torch.arange(S).float(), indexing="ij")


def scene(n):
    mask = torch.zeros(n, S, S)
    for _ in range(2):
        cy, cx = torch.rand(n, 1, 1) * S, torch.rand(n, 1, 1) * S
        rad = 2.5 + 2.5 * torch.rand(n, 1, 1)
        mask = torch.maximum(mask, ((yy - cy) ** 2 + (xx - cx) ** 2 < rad ** 2).float())
    pic = 0.8 * mask + 0.02 * xx + 0.5 * torch.randn(n, S, S)
    return pic[:, None], mask[:, None]


def double(a, b):
    return nn.Sequential(nn.Conv2d(a, b, 3, padding=1), nn.GroupNorm(4, b), nn.ReLU())


class UNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.d1, self.d2, self.mid = double(1, 8), double(8, 16), double(16, 16)
        self.u2, self.u1 = double(32, 16), double(24, 8)
        self.out = nn.Conv2d(8, 1, 1)

    def forward(self, x):
        a = self.d1(x)
        b = self.d2(F.max_pool2d(a, 2))
        c = self.mid(F.max_pool2d(b, 2))
        c = self.u2(torch.cat([F.interpolate(c, scale_factor=2), b], 1))
        return self.out(self.u1(torch.cat([F.interpolate(c, scale_factor=2), a], 1)))


xtr, mtr = scene(400)
xte, mte = scene(150)
net = UNet()
opt = torch.optim.Adam(net.parameters(), lr=1.5e-5)
sched = torch.optim.lr_scheduler.ExponentialLR(opt, gamma=0.9)
for epoch in range(12):
    for b in torch.randperm(400).split(16):
        loss = F.binary_cross_entropy_with_logits(net(xtr[b]), mtr[b])
        opt.zero_grad()
        loss.backward()
        opt.step()
    sched.step()
    print(f"epoch {epoch} bce {loss.item():.4f}")
with torch.no_grad():
    p = (net(xte) > 0).float()
    print("test dice %.4f" % (2 * (p * mte).sum() / (p.sum() + mte.sum())))

import torch
import torch.nn as nn
import torch.nn.functional as F

torch.manual_seed(11)
S = 24
yy, xx = torch.meshgrid(torch.arange(S), torch.arange(S), indexing="ij")


def sample(n):
    c = torch.rand(n, 2) * 12 + 6
    r = torch.rand(n) * 4 + 2
    mask = ((xx[None] - c[:, 0, None, None]) ** 2 + (yy[None] - c[:, 1, None, None]) ** 2 < r[:, None, None] ** 2).float()
    img = mask * 1.2 + torch.randn(n, S, S) * 0.7
    return img.unsqueeze(1), mask.unsqueeze(1)


class DoubleConv(nn.Module):
    def __init__(self, cin, cout):
        super().__init__()
        self.net = nn.Sequential(
            nn.Conv2d(cin, cout, 3, padding=1, bias=False), nn.BatchNorm2d(cout), nn.ReLU(inplace=True),
            nn.Conv2d(cout, cout, 3, padding=1, bias=False), nn.BatchNorm2d(cout), nn.ReLU(inplace=True))

    def forward(self, x):
        return self.net(x)


class UNet(nn.Module):
    def __init__(self, ch=8):
        super().__init__()
        self.down1 = DoubleConv(1, ch)
        self.down2 = DoubleConv(ch, ch * 2)
        self.up = nn.ConvTranspose2d(ch * 2, ch, 2, stride=2)
        self.dec = DoubleConv(ch * 2, ch)
        self.out = nn.Conv2d(ch, 1, 1)

    def forward(self, x):
        d1 = self.down1(x)
        d2 = self.down2(F.max_pool2d(d1, 2))
        u = torch.cat([self.up(d2), d1], dim=1)
        return self.out(self.dec(u))


xs, ms = sample(1200)
xv, mv = sample(150)
model = UNet()
optimizer = torch.optim.Adam(model.parameters(), lr=2e-3)
for step in range(250):
    idx = torch.randint(0, len(xs), (16,))
    pred = model(xs[idx])
    loss = F.binary_cross_entropy_with_logits(pred, ms[idx])
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    if step % 50 == 0:
        print("step", step, "loss", float(loss))
model.eval()
with torch.no_grad():
    p = (model(xv) > 0).float()
    dice = 2 * (p * mv).sum() / (p.sum() + mv.sum() + 1e-6)
print("val dice", float(dice))

import torch
import torch.nn as nn
import torch.nn.functional as F
from sklearn.datasets import load_digits

torch.manual_seed(6)
sharp = F.interpolate(torch.tensor(load_digits().images / 16, dtype=torch.float32)[:, None], size=16, mode="nearest")
sharp = sharp[torch.randperm(len(sharp))]
k = torch.outer(*[torch.tensor([1., 3, 4, 3, 1])] * 2)
blur = F.conv2d(sharp, (k / k.sum())[None, None], padding=2) + 0.03 * torch.randn_like(sharp)
USE_BIAS = True


class Restore(nn.Module):
    def __init__(self, c=16):
        super().__init__()
        self.c1 = nn.Conv2d(1, c, 3, padding=1, bias=USE_BIAS)
        self.n1 = nn.InstanceNorm2d(c, affine=True)
        self.c2 = nn.Conv2d(c, c, 3, padding=1, bias=USE_BIAS)
        self.n2 = nn.InstanceNorm2d(c, affine=True)
        self.last = nn.Conv2d(c, 1, 3, padding=1)

    def forward(self, x):
        h = F.silu(self.n1(self.c1(x)))
        h = F.silu(self.n2(self.c2(h)))
        return x + self.last(h)


net = Restore()
opt = torch.optim.AdamW(net.parameters(), lr=3e-3, weight_decay=1e-3)
for step in range(500):
    b = torch.randint(0, 1500, (24,))
    loss = F.l1_loss(net(blur[b]), sharp[b])
    opt.zero_grad(set_to_none=True)
    loss.backward()
    opt.step()
    if step % 100 == 0:
        print(step, round(loss.item(), 4))
with torch.no_grad():
    print("test l1: restored %.4f, blurred %.4f" % (F.l1_loss(net(blur[1500:]), sharp[1500:]), F.l1_loss(blur[1500:], sharp[1500:])))

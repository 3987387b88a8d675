import torch
from torch import nn
import torch.nn.functional as F

torch.manual_seed(76)
S = 20


def scene(n):
    im = 0.3 * torch.randn(n, S, S)
    cls = torch.randint(0, 3, (n,))
    ctr = torch.rand(n, 2) * 10 + 5
    rad = torch.rand(n) * 2 + 2.5
    g = torch.arange(S).float() + 0.5
    yy, xx = torch.meshgrid(g, g, indexing="ij")
    dx, dy = (xx - ctr[:, 0, None, None]).abs(), (yy - ctr[:, 1, None, None]).abs()
    r = rad[:, None, None]
    disc, box, cross = dx ** 2 + dy ** 2 < r ** 2, torch.maximum(dx, dy) < r, (torch.minimum(dx, dy) < 1) & (torch.maximum(dx, dy) < r)
    shape = torch.stack([disc, box, cross], 1)[torch.arange(n), cls].float()
    im = (im + 1.5 * shape - 0.17) / 0.55
    return im[:, None], torch.cat([(ctr - 10) / 2.9, (rad[:, None] - 3.5) / 0.58], 1), cls


class Detector(nn.Module):
    def __init__(self):
        super().__init__()
        self.back = nn.Sequential(nn.Conv2d(1, 12, 3, 2, 1), nn.GroupNorm(3, 12), nn.ReLU(),
                                  nn.Conv2d(12, 24, 3, 2, 1), nn.GroupNorm(3, 24), nn.ReLU(), nn.Flatten())
        self.shared = nn.Linear(24 * 25, 64)
        self.box, self.cls = nn.Linear(64, 3), nn.Linear(64, 3)

    def forward(self, x):
        h = F.relu(self.shared(self.back(x)))
        return self.box(h), self.cls(h)


net = Detector()
opt = torch.optim.AdamW(net.parameters(), lr=1e-3, weight_decay=1e-2)
for s in range(800):
    im, b, c = scene(32)
    pb, pc = net(im)
    loss = F.smooth_l1_loss(pb, b) + F.cross_entropy(pc, c)
    opt.zero_grad()
    loss.backward()
    opt.step()
    if s % 100 == 0:
        print(s, round(loss.item(), 4))
with torch.no_grad():
    im, b, c = scene(1000)
    pb, pc = net(im)
    print("class acc", (pc.argmax(1) == c).float().mean().item(), "centre error px", ((pb - b)[:, :2].abs().mean() * 2.9).item())

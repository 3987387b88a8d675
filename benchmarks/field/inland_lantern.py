import torch
from torch import nn
import torch.nn.functional as F


class Shapes(torch.utils.data.Dataset):
    """One square or cross per 20x20 picture; target: class and box (cx, cy, size)."""

    def __init__(self, n, seed):
        g = torch.Generator().manual_seed(seed)
        self.x = 0.2 * torch.randn(n, 1, 20, 20, generator=g)
        self.c = torch.randint(0, 2, (n,), generator=g)
        self.box = torch.zeros(n, 3)
        for i in range(n):
            h = int(torch.randint(2, 5, (1,), generator=g))
            cx, cy = (int(v) for v in torch.randint(h, 20 - h, (2,), generator=g))
            if self.c[i]:
                self.x[i, 0, cy - h:cy + h + 1, cx] += 1
                self.x[i, 0, cy, cx - h:cx + h + 1] += 1
            else:
                self.x[i, 0, cy - h:cy + h + 1, cx - h:cx + h + 1] += 1
            self.box[i] = torch.tensor([cx / 10 - 1, cy / 10 - 1, h / 4])

    def __len__(self):
        return len(self.x)

    def __getitem__(self, i):
        return self.x[i], self.c[i], self.box[i]


class Detector(nn.Module):
    def __init__(self):
        super().__init__()
        self.back = nn.Sequential(nn.Conv2d(1, 12, 3, stride=2, padding=1), nn.ReLU(), nn.Conv2d(12, 24, 3, stride=2, padding=1), nn.ReLU(), nn.Flatten(), nn.Linear(600, 64), nn.ReLU())
        self.cls, self.box = nn.Linear(64, 2), nn.Linear(64, 3)

    def forward(self, x):
        h = self.back(x)
        return self.cls(h), self.box(h)


torch.manual_seed(0)
train = torch.utils.data.DataLoader(Shapes(2000, 1), batch_size=40, shuffle=True)
val = Shapes(500, 2)
net = Detector()
opt = torch.optim.SGD(net.parameters(), lr=0.02, momentum=0.9)
for epoch in range(12):
    net.train()
    opt.zero_grad()
    for x, c, box in train:
        pc, pb = net(x)
        loss = F.cross_entropy(pc, c) + 2 * F.smooth_l1_loss(pb, box)
        loss.backward()
        opt.step()
    net.eval()
    with torch.no_grad():
        pc, pb = net(val.x)
        print(f"epoch {epoch} loss {loss.item():.4f} val acc {(pc.argmax(1) == val.c).float().mean():.3f} box error {(pb - val.box).abs().mean():.4f}")

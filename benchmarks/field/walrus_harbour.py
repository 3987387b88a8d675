import torch
import torch.nn as nn
import torch.nn.functional as F

torch.manual_seed(61)
S = 20


def pictures(n):
    img = 0.15 * torch.randn(n, 1, S, S)
    has = (torch.rand(n) < 0.7).float()
    kind = torch.randint(0, 3, (n,))
    box = torch.rand(n, 2) * 0.6 + 0.2
    for i in range(n):
        if has[i] == 0:
            continue
        cy, cx = int(box[i, 0] * S), int(box[i, 1] * S)
        patch = img[i, 0, cy - 3:cy + 4, cx - 3:cx + 4]
        if kind[i] == 0:
            patch += 1
        elif kind[i] == 1:
            patch[3] += 1.5
            patch[:, 3] += 1.5
        else:
            patch[::2] += 1.2
    return img, has, kind, box


class Detector(nn.Module):
    def __init__(self):
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv2d(1, 12, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
            nn.Conv2d(12, 24, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(),
            nn.Linear(600, 64), nn.ReLU())
        self.obj, self.cls, self.box = nn.Linear(64, 1), nn.Linear(64, 3), nn.Linear(64, 2)

    def forward(self, x):
        h = self.features(x)
        return self.obj(h)[:, 0], self.cls(h), self.box(h).sigmoid()


data, val = pictures(2400), pictures(600)
net = Detector()
opt = torch.optim.SGD(net.parameters(), lr=0.02, momentum=0.9)
for epoch in range(8):
    for b in torch.randperm(2400).split(32):
        img, has, kind, box = (d[b] for d in data)
        o, c, r = net(img)
        m = has > 0
        loss = F.binary_cross_entropy_with_logits(o, has) + F.cross_entropy(c[m], kind[m]) + 5 * F.mse_loss(r[m], box[m])
        loss.backward()
        opt.step()
    print("epoch", epoch, "loss", round(loss.item(), 4))
with torch.no_grad():
    o, c, r = net(val[0])
    m = val[1] > 0
    print("objectness %.3f kind %.3f centre rmse %.3f" % (((o > 0).float() == val[1]).float().mean(), (c[m].argmax(1) == val[2][m]).float().mean(), (r[m] - val[3][m]).pow(2).mean().sqrt()))

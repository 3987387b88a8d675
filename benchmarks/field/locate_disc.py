import math
import torch
from torch import nn
import torch.nn.functional as F

torch.manual_seed(18)
S, PRIOR = 20, 0.02
yy, xx = torch.meshgrid(torch.arange(S).float(), torch.arange(S).float(), indexing='ij')


def scenes(n):
    c = torch.randint(3, S - 3, (n, 2)).float()
    d = (yy[None] - c[:, :1, None]) ** 2 + (xx[None] - c[:, 1:, None]) ** 2
    img = (d < 6).float() + 0.5 * torch.randn(n, S, S)
    return ((img - 0.05) / 0.55).unsqueeze(1), (d < 2).float().unsqueeze(1), c


class Detector(nn.Module):
    def __init__(self, ch=12):
        super().__init__()
        self.c1 = nn.Conv2d(1, ch, 3, padding=1)
        self.c2 = nn.Conv2d(ch, ch, 3, padding=1)
        self.c3 = nn.Conv2d(ch, ch, 3, padding=1)
        self.heat = nn.Conv2d(ch, 1, 1)
        for m in self.modules():
            if isinstance(m, nn.Conv2d):
                nn.init.kaiming_normal_(m.weight, nonlinearity='relu')
                nn.init.constant_(m.bias, -math.log((1 - PRIOR) / PRIOR))

    def forward(self, x):
        x = F.relu(self.c1(x))
        x = F.relu(self.c2(x))
        x = F.relu(self.c3(x))
        return self.heat(x)


X, Y, C = scenes(1200)
Xv, Yv, Cv = scenes(200)
net = Detector()
opt = torch.optim.Adam(net.parameters(), lr=2e-3)
for it in range(600):
    i = torch.randint(0, 1200, (24,))
    loss = F.binary_cross_entropy_with_logits(net(X[i]), Y[i])
    opt.zero_grad()
    loss.backward()
    opt.step()
    if it % 60 == 59:
        with torch.no_grad():
            h = net(Xv)
            k = h.flatten(1).argmax(1)
            dist = ((k // S - Cv[:, 0]) ** 2 + (k % S - Cv[:, 1]) ** 2).sqrt().mean()
        print(f'it {it + 1} loss {loss.item():.4f} val {F.binary_cross_entropy_with_logits(h, Yv).item():.4f} mean distance {dist.item():.2f} px')

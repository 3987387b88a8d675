import torch
import torch.nn as nn
import torch.nn.functional as F

torch.manual_seed(28)


def blobs(n, s=12):
    c = torch.rand(n, 2) * 8 + 2
    r = torch.arange(s).float()
    yy = (r[None, :, None] - c[:, 0, None, None]) ** 2
    xx = (r[None, None, :] - c[:, 1, None, None]) ** 2
    img = torch.exp(-(yy + xx) / 4) + 0.1 * torch.rand(n, s, s)
    return img[:, None], (c - 6) / 4


class Locator(nn.Module):
    def __init__(self):
        super().__init__()
        self.c1 = nn.Conv2d(1, 8, 3, stride=2, padding=1)
        self.c2 = nn.Conv2d(8, 16, 3, stride=2, padding=1)
        self.fc = nn.Linear(16 * 9, 2)
        for c in (self.c1, self.c2):
            nn.init.uniform_(c.weight, -0.2, 0.02)
            nn.init.zeros_(c.bias)

    def forward(self, x):
        x = F.relu(self.c1(x))
        x = F.relu(self.c2(x))
        return self.fc(x.flatten(1))


xtr, ytr = blobs(1600)
xva, yva = blobs(400)
net = Locator()
opt = torch.optim.Adam(net.parameters(), lr=1e-3)
for epoch in range(15):
    tot = 0.0
    for b in torch.randperm(1600).split(32):
        loss = F.mse_loss(net(xtr[b]), ytr[b])
        opt.zero_grad()
        loss.backward()
        opt.step()
        tot += loss.item() * len(b)
    with torch.no_grad():
        v = F.mse_loss(net(xva), yva)
    print(f"epoch {epoch} train {tot / 1600:.5f} val {v.item():.5f}")

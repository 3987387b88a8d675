import torch
import torch.nn as nn
from torch.utils.data import DataLoader

torch.manual_seed(46)
n, S = 3000, 16
pos = torch.rand(n, 2) * 0.7 + 0.15
ang = torch.rand(n) * 3.1416
g = torch.linspace(0, 1, S)
yy, xx = torch.meshgrid(g, g, indexing="ij")
dx, dy = xx[None] - pos[:, :1, None], yy[None] - pos[:, 1:, None]
u = dx * ang.cos()[:, None, None] + dy * ang.sin()[:, None, None]
v = -dx * ang.sin()[:, None, None] + dy * ang.cos()[:, None, None]
pics = torch.exp(-(u / 0.25) ** 2 - (v / 0.07) ** 2) + 0.05 * torch.randn(n, S, S)
vec = torch.cat([pos * 2 - 1, torch.cos(2 * ang)[:, None], torch.sin(2 * ang)[:, None]], 1)
image_loader = DataLoader(pics[:2500], batch_size=50, shuffle=True)
target_loader = DataLoader(vec[:2500], batch_size=50, shuffle=True)


class Pose(nn.Module):
    def __init__(self):
        super().__init__()
        self.f = nn.Sequential(nn.Flatten(), nn.Linear(S * S, 128), nn.ReLU(), nn.Linear(128, 64), nn.ReLU(), nn.Linear(64, 4))

    def forward(self, x):
        return self.f(x)


net = Pose()
opt = torch.optim.Adam(net.parameters(), lr=1e-3)
for epoch in range(15):
    total = 0.0
    for x, t in zip(image_loader, target_loader):
        loss = nn.functional.mse_loss(net(x), t)
        opt.zero_grad()
        loss.backward()
        opt.step()
        total += loss.item()
    if epoch % 3 == 0:
        print("epoch", epoch, "mse", round(total / len(image_loader), 4))
with torch.no_grad():
    print("test mse %.4f (variance %.4f)" % (nn.functional.mse_loss(net(pics[2500:]), vec[2500:]), vec.var(0).mean()))

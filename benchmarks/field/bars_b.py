import math, torch
import torch.nn as nn

torch.manual_seed(67)

def bars(n, size=16):
    """image of a bright bar through the centre; regress (cos 2a, sin 2a)"""
    a = torch.rand(n) * math.pi
    r = torch.arange(size) - (size - 1) / 2
    yy, xx = torch.meshgrid(r, r, indexing='ij')
    dist = (xx * torch.sin(a)[:, None, None] - yy * torch.cos(a)[:, None, None]).abs()
    img = torch.exp(-dist ** 2 / 2) + 0.3 * torch.randn(n, size, size)
    img = (img - img.mean()) / img.std()
    return img[:, None], torch.stack([torch.cos(2 * a), torch.sin(2 * a)], 1)

class ConvReg(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 8, 3, stride=2, padding=1)
        self.conv2 = nn.Conv2d(8, 16, 3, stride=2, padding=1)
        self.fc1 = nn.Linear(256, 32)
        self.fc2 = nn.Linear(32, 2)
        self.reset()

    def reset(self):
        for m in (self.conv1, self.conv2, self.fc1):
            nn.init.kaiming_normal_(m.weight)
            nn.init.constant_(m.bias, -3.0)

    def forward(self, x):
        x = self.conv1(x).relu()
        x = self.conv2(x).relu()
        x = self.fc1(x.flatten(1)).relu()
        return self.fc2(x)

X, Y = bars(4000)
Xt, Yt = bars(500)
model = ConvReg()
optimizer = torch.optim.Adagrad(model.parameters(), lr=0.01)
scheduler = torch.optim.lr_scheduler.MultiStepLR(optimizer, [600, 800], gamma=0.3)
for it in range(900):
    b = torch.randint(0, 4000, (48,))
    out = model(X[b])
    loss = 1 - nn.functional.cosine_similarity(out, Y[b]).mean() + 0.1 * (out.norm(dim=1) - 1).abs().mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    scheduler.step()
    if it % 100 == 0:
        print(it, '%.4f' % loss.item())
with torch.no_grad():
    o = model(Xt)
    err = torch.rad2deg(torch.acos(nn.functional.cosine_similarity(o, Yt).clamp(-1, 1)) / 2)
print('mean angle error %.2f deg' % err.mean().item(), 'last loss %.4f' % loss.item())

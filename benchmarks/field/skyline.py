import torch, torch.nn as nn, torch.nn.functional as F
torch.manual_seed(8)
def textures(n):
    y = torch.randint(0, 4, (n,))
    i, j = torch.meshgrid(torch.arange(12.), torch.arange(12.), indexing='ij')
    dirs = torch.tensor([[1., 0], [0, 1], [.7, .7], [.7, -.7]])
    ph = torch.rand(n, 1, 1) * 6.28
    fr = 0.8 + 0.5 * torch.rand(n, 1, 1)
    d = dirs[y]
    img = torch.sin(fr * (d[:, 0, None, None] * i + d[:, 1, None, None] * j) + ph)
    img = 128 + 30 * img + 35 * torch.randn(n, 12, 12)
    return img.clamp(0, 255).round()[:, None], y
x, y = textures(3000)
xv, yv = textures(600)

net = nn.Sequential(nn.Conv2d(1, 12, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(12, 24, 3, padding=1), nn.ReLU(), nn.AdaptiveAvgPool2d(2), nn.Flatten(), nn.Linear(96, 4))
opt = torch.optim.SGD(net.parameters(), lr=0.02, momentum=0.9)
for step in range(700):
    b = torch.randint(0, 3000, (64,))
    loss = F.cross_entropy(net(x[b]), y[b])
    opt.zero_grad(); loss.backward(); opt.step()
    if step % 70 == 0: print(step, f'{loss.item():.4f}')
with torch.no_grad():
    print(f'train {F.cross_entropy(net(x), y):.4f} held-out {F.cross_entropy(net(xv), yv):.4f} acc {(net(xv).argmax(1) == yv).float().mean():.3f}')

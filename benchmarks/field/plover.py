import torch, torch.nn as nn
torch.manual_seed(1)
def shapes(n):
    y = torch.randint(0, 3, (n,))
    g = torch.arange(14.)
    c = torch.rand(n, 2, 1, 1) * 5 + 4.5
    dx, dy = (g[:, None] - c[:, 0]).abs(), (g[None] - c[:, 1]).abs()
    r = 2.5 + 1.0 * torch.rand(n, 1, 1)
    disk = (dx ** 2 + dy ** 2 < r ** 2).float()
    sq = (torch.maximum(dx, dy) < r).float()
    cross = ((torch.minimum(dx, dy) < 1) & (torch.maximum(dx, dy) < r)).float()
    im = torch.stack([disk, sq, cross], 1)[torch.arange(n), y]
    return ((im - 0.15) * 2.5 + 0.6 * torch.randn(n, 14, 14))[:, None], y
x, y = shapes(3000); xv, yv = shapes(600)
net = nn.Sequential(nn.Conv2d(1, 12, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(12, 24, 3, padding=1), nn.ReLU(), nn.AdaptiveMaxPool2d(2), nn.Flatten(), nn.Linear(96, 3))
opt = torch.optim.Adam(net.parameters(), lr=5e-4)
lf = nn.CrossEntropyLoss()
opt.zero_grad()
for step in range(1000):
    b = torch.randint(0, 3000, (48,))
    loss = lf(net(x[b]), y[b])
    loss.backward()
    opt.step()
    
    if step % 100 == 0: print('step %d loss %.4f' % (step, loss.item()))
with torch.no_grad():
    print('train %.4f held-out %.4f acc %.4f' % (lf(net(x), y), lf(net(xv), yv), (net(xv).argmax(1) == yv).float().mean()))

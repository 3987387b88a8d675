import torch, torch.nn as nn
torch.manual_seed(16)
def shard(n):
    y = torch.randint(0, 5, (n,))
    g = torch.arange(10.)
    ang = y.float()[:, None, None] * 0.628 + 0.1 * torch.randn(n, 1, 1)
    v = torch.cos(ang) * g[:, None] + torch.sin(ang) * g[None]
    im = torch.sin(1.2 * v + 6.28 * torch.rand(n, 1, 1)) + 0.5 * torch.randn(n, 10, 10)
    return im[:, None], y
a, ya = shard(1500); b, yb = shard(1500); c, yc = shard(1500)
X = torch.cat([a, b, c])
Y = torch.cat([ya, yc, yb])
perm = torch.randperm(4500)
X, Y = X[perm], Y[perm]
net = nn.Sequential(nn.Conv2d(1, 12, 3, padding=1), nn.ReLU(), nn.Conv2d(12, 24, 3, stride=2, padding=1), nn.ReLU(), nn.AdaptiveAvgPool2d(2), nn.Flatten(), nn.Linear(96, 5))
opt = torch.optim.Adam(net.parameters(), lr=2e-3)
ce = nn.CrossEntropyLoss()
for ep in range(10):
    q = torch.randperm(3800)
    for k in range(0, 3800, 64):
        i = q[k:k+64]
        loss = ce(net(X[i]), Y[i])
        opt.zero_grad(); loss.backward(); opt.step()
    print('epoch', ep, f'{loss.item():.4f}')
with torch.no_grad():
    print(f'train {ce(net(X[:3800]), Y[:3800]):.4f} held-out {ce(net(X[3800:]), Y[3800:]):.4f} acc {(net(X[3800:]).argmax(1) == Y[3800:]).float().mean():.4f}')

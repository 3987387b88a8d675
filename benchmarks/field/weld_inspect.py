import torch, torch.nn as nn
torch.manual_seed(403)
def welds(n):
    k = torch.rand(n)
    img = torch.randn(n, 1, 8, 8) * (0.3 + k[:, None, None, None])
    img[:, :, 3:5] += 1.5 * (1 - k)[:, None, None, None]
    return img, (k - 0.5) / 0.29
X, Y = welds(1500); XV, YV = welds(500)
net = nn.Sequential(nn.Conv2d(1, 12, 3, padding=1, bias=False), nn.BatchNorm2d(12), nn.ReLU(), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(12, 32, bias=False), nn.BatchNorm1d(32), nn.ReLU(), nn.Linear(32, 1))
opt = torch.optim.Adam(net.parameters(), lr=2e-3)
nb = 3
for s in range(900):
    net.train()
    i = torch.randint(0, 1500, (nb,))
    l = nn.functional.mse_loss(net(X[i]).squeeze(1), Y[i])
    opt.zero_grad(); l.backward(); opt.step()
    if s % 100 == 99:
        net.eval()
        with torch.no_grad(): print(s + 1, round(l.item(), 4), "val", round(nn.functional.mse_loss(net(XV).squeeze(1), YV).item(), 4))

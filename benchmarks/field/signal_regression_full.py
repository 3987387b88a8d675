import torch
import torch.nn as nn

torch.manual_seed(167)
N = 2560
t = torch.rand(N, 1) * 2 - 1
y = torch.sin(6 * (t + 1.2) ** 2) + 0.05 * torch.randn(N, 1)
tv = torch.linspace(-1, 1, 500)[:, None]
yv = torch.sin(6 * (tv + 1.2) ** 2)
feats = torch.randn(1, 32) * 4


def features(t):
    return torch.cat([torch.sin(t @ feats), torch.cos(t @ feats)], 1)


net = nn.Sequential(nn.Linear(64, 64), nn.Tanh(), nn.Linear(64, 1))
opt = torch.optim.Adam(net.parameters(), lr=5e-4)
batch = N
passes = 250
for e in range(passes):
    perm = torch.randperm(N)
    for i in range(0, N, batch):
        j = perm[i:i + batch]
        loss = nn.functional.mse_loss(net(features(t[j])), y[j])
        opt.zero_grad()
        loss.backward()
        opt.step()
    if e % 25 == 0:
        print('pass', e, 'mse', round(loss.item(), 5))
with torch.no_grad():
    print('val mse', round(nn.functional.mse_loss(net(features(tv)), yv).item(), 5))

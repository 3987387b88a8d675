import torch
import torch.nn as nn

torch.manual_seed(17)
n = 2500
temp = torch.rand(n, 1) * 25 + 285          # kelvin
pressure = torch.randn(n, 1) * 900 + 101300  # pascal
humidity = torch.rand(n, 1)
wind = torch.rand(n, 1) * 15
def std(v): return (v - v.mean()) / v.std()
target = torch.sin(1.5 * std(temp)) + 0.6 * std(pressure) * (humidity - 0.5) * 2 + 0.3 * std(wind) + 0.05 * torch.randn(n, 1)
target = std(target)
feats = torch.cat([temp, pressure, humidity, wind], 1)

tr = slice(0, 2000)
va = slice(2000, n)

reg = nn.Sequential(nn.Linear(4, 64), nn.ReLU(), nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 1))
opt = torch.optim.Adam(reg.parameters(), lr=2e-3)
huber = nn.SmoothL1Loss()
for epoch in range(40):
    for b in torch.randperm(2000).split(64):
        loss = huber(reg(feats[b]), target[b])
        opt.zero_grad()
        loss.backward()
        opt.step()
    if epoch % 8 == 7:
        with torch.no_grad():
            print(epoch + 1, 'train', huber(reg(feats[tr]), target[tr]).item(), 'valid', huber(reg(feats[va]), target[va]).item())

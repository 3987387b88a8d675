import torch
from torch import nn
from torch.utils.data import DataLoader

torch.manual_seed(2)
n = 4000
signal = torch.randn(n, 32).cumsum(1) / 6
target = torch.stack([signal.mean(1), signal.amax(1), (signal[:, 1:] - signal[:, :-1]).abs().mean(1) * 10 - 1], 1)
target = (target - target.mean(0)) / target.std(0)
sx, sy = signal[:3200], target[:3200]

inputs = DataLoader(sx, batch_size=40, shuffle=True)
targets = DataLoader(sy, batch_size=40, shuffle=True)
net = nn.Sequential(nn.Linear(32, 64), nn.ELU(), nn.Linear(64, 64), nn.ELU(), nn.Linear(64, 3))
opt = torch.optim.Adam(net.parameters(), lr=2e-3)
mse = nn.MSELoss()

for epoch in range(1, 26):
    total, count = 0.0, 0
    for x, y in zip(inputs, targets):
        loss = mse(net(x), y)
        opt.zero_grad()
        loss.backward()
        opt.step()
        total += loss.item()
        count += 1
    if epoch % 5 == 0:
        with torch.no_grad():
            print(f"epoch {epoch}: train {total / count:.4f} held-out mse {mse(net(signal[3200:]), target[3200:]).item():.4f}")

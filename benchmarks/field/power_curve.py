import random
import torch
from torch import nn

random.seed(29); torch.manual_seed(29)
n = 6000
wind = torch.rand(n) * 2 - 1
direction = torch.rand(n) * 6.283
density = torch.randn(n)
power = torch.sigmoid(5 * wind) * (1 + 0.15 * density) + 0.2 * torch.cos(direction)
y = (power - power.mean()) / power.std()
y_noisy = y + 0.8 * torch.randn(n)
X = torch.stack([wind * 1.73, direction.sin() * 1.41, direction.cos() * 1.41, density], 1)
net = nn.Sequential(nn.Linear(4, 32), nn.Tanh(), nn.Linear(32, 32), nn.Tanh(), nn.Linear(32, 1))
opt = torch.optim.SGD(net.parameters(), lr=0.03, momentum=0.5)
BS = 1
hist = []
for t in range(1, 6001):
    k = torch.randint(0, 5000, (BS,))
    loss = nn.functional.mse_loss(net(X[k]).squeeze(1), y_noisy[k])
    opt.zero_grad()
    loss.backward()
    opt.step()
    hist.append(loss.item())
    if t % 600 == 0:
        with torch.no_grad():
            clean = nn.functional.mse_loss(net(X[5000:]).squeeze(1), y[5000:])
        print(f'{t:5d} fit {sum(hist[-600:]) / 600:.4f} held-out (denoised target) {clean.item():.4f}')

import numpy as np
import torch
import torch.nn as nn

torch.manual_seed(27)
rs = np.random.RandomState(27)
freq = rs.uniform(1, 4, 3000)
phase = rs.uniform(0, 6.28, 3000)
grid = np.linspace(0, 1, 32)
waves = np.sin(2 * np.pi * freq[:, None] * grid + phase[:, None]) + 0.1 * rs.randn(3000, 32)
X = torch.tensor(waves).float()
y = torch.tensor((freq - 2.5) / 0.87).float().unsqueeze(1)
body = nn.Sequential(nn.Linear(32, 64), nn.ReLU(), nn.Linear(64, 64), nn.ReLU())
head = nn.Linear(64, 1)
opt_body = torch.optim.SGD(body.parameters(), lr=0.01, momentum=0.9)
opt_head = torch.optim.SGD(head.parameters(), lr=0.01, momentum=0.9)
for it in range(1500):
    i = torch.randint(0, 2500, (64,))
    loss = nn.functional.mse_loss(head(body(X[i])), y[i])
    opt_head.zero_grad()
    opt_head.zero_grad()
    loss.backward()
    opt_body.step()
    opt_head.step()
    if it % 150 == 0:
        print(it, "mse", round(loss.item(), 4))
with torch.no_grad():
    print("test mse", round(nn.functional.mse_loss(head(body(X[2500:])), y[2500:]).item(), 4))

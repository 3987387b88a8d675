import time
import torch
from torch import nn

torch.manual_seed(37)
N = 8192
u = torch.rand(N + 1000, 2) * 2 - 1
z = torch.sin(6 * u[:, 0]) * torch.cos(4 * u[:, 1]) + 0.3 * torch.sin(9 * u[:, 0] * u[:, 1])
u, z = u / 0.577, (z / z.std()).unsqueeze(1)
model = nn.Sequential(nn.Linear(2, 48), nn.Tanh(), nn.Linear(48, 48), nn.Tanh(), nn.Linear(48, 1))
opt = torch.optim.Adam(model.parameters(), lr=4e-3)
batch, passes = 8192, 160
t0 = time.time()
for e in range(passes):
    order = torch.randperm(N)
    for s in range(0, N, batch):
        k = order[s:s + batch]
        loss = nn.functional.mse_loss(model(u[k]), z[k])
        opt.zero_grad()
        loss.backward()
        opt.step()
    if e % 20 == 0:
        print(f"pass {e} loss {loss.item():.4f}")
with torch.no_grad():
    print(f"test mse {nn.functional.mse_loss(model(u[N:]), z[N:]).item():.5f}")

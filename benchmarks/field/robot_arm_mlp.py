import numpy as np
import torch
from torch import nn

np.random.seed(71)
torch.manual_seed(71)
n = 5000
q = np.random.uniform(-2, 2, (n, 2))
dq = np.random.normal(0, 1, (n, 2))
ddq = np.random.normal(0, 1.5, (n, 2))
c2, s2 = np.cos(q[:, 1]), np.sin(q[:, 1])
tau1 = (2 + c2) * ddq[:, 0] + (0.7 + 0.5 * c2) * ddq[:, 1] - 0.5 * s2 * dq[:, 1] * (2 * dq[:, 0] + dq[:, 1]) + 4 * np.cos(q[:, 0])
tau2 = (0.7 + 0.5 * c2) * ddq[:, 0] + 0.7 * ddq[:, 1] + 0.5 * s2 * dq[:, 0] ** 2 + 1.5 * np.cos(q.sum(1))
X = np.concatenate([q, dq, ddq], 1)
Y = np.stack([tau1, tau2], 1) + np.random.normal(0, 0.05, (n, 2))
X = (X - X[:4000].mean(0)) / X[:4000].std(0)
Y = (Y - Y[:4000].mean(0)) / Y[:4000].std(0)
X, Y = torch.tensor(X, dtype=torch.float32), torch.tensor(Y, dtype=torch.float32)

model = nn.Sequential(nn.Linear(6, 96), nn.SiLU(), nn.Linear(96, 96), nn.SiLU(), nn.Linear(96, 2))
opt = torch.optim.Adam(model.parameters(), lr=2e-3)
sched = torch.optim.lr_scheduler.CosineAnnealingLR(opt, 40)
for epoch in range(40):
    total = 0.0
    for b in torch.randperm(4000).split(80):
        loss = nn.functional.mse_loss(model(X[b]), Y[b])
        opt.zero_grad()
        loss.backward()
        opt.step()
        total += loss.item() * len(b) / 4000
    sched.step()
    if epoch % 4 == 3:
        with torch.no_grad():
            print(f'epoch {epoch + 1} train {total:.5f} test {nn.functional.mse_loss(model(X[4000:]), Y[4000:]).item():.5f}')

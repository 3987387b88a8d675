import numpy as np
import torch
from torch import nn

BATCH = 1
STEPS = 4000
LR = 0.02

rng = np.random.default_rng(77)
X = rng.uniform(-1.5, 1.5, size=(20000, 5)).astype(np.float32)
clean = np.sin(2 * X[:, 0]) + 0.7 * X[:, 1] * X[:, 2] - 0.3 * X[:, 3]
Y = (clean + 1.5 * rng.standard_normal(20000)).astype(np.float32)
X, Y, clean = torch.from_numpy(X), torch.from_numpy(Y), torch.from_numpy(clean)

torch.manual_seed(6)
net = nn.Sequential(nn.Linear(5, 64), nn.Tanh(), nn.Linear(64, 64), nn.Tanh(), nn.Linear(64, 1))
opt = torch.optim.SGD(net.parameters(), lr=LR)
smooth = None
for step in range(1, STEPS + 1):
    i = torch.randint(0, 18000, (BATCH,))
    loss = ((net(X[i]).squeeze(1) - Y[i]) ** 2).mean()
    opt.zero_grad()
    loss.backward()
    opt.step()
    smooth = loss.item() if smooth is None else 0.99 * smooth + 0.01 * loss.item()
    if step % 400 == 0:
        with torch.no_grad():
            p = net(X[18000:]).squeeze(1)
            print(f"step {step} smoothed {smooth:.3f} test mse {((p - Y[18000:]) ** 2).mean().item():.3f} against the clean curve {((p - clean[18000:]) ** 2).mean().item():.4f}")

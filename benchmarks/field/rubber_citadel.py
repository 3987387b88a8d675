import numpy as np
import torch
from torch import nn

torch.manual_seed(36)
rs = np.random.RandomState(36)
series = [0.3]
for _ in range(6100):
    series.append(3.8 * series[-1] * (1 - series[-1]))
series = np.array(series)
W = 6
X = np.stack([series[i:i + W] for i in range(6000)])
y = np.array([series[i + W] for i in range(6000)])
keep = np.argsort(rs.rand(len(y)))
X, y = torch.tensor(X).float() * 2 - 1, torch.tensor(y[keep]).float()
y = (y - y.mean()) / y.std()
net = nn.Sequential(nn.Linear(W, 64), nn.ReLU(), nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 1))
opt = torch.optim.NAdam(net.parameters(), lr=1e-3)
for step in range(1500):
    i = torch.randint(0, 5000, (64,))
    loss = ((net(X[i])[:, 0] - y[i]) ** 2).mean()
    opt.zero_grad()
    loss.backward()
    opt.step()
    if step % 150 == 0:
        print(step, f"{loss.item():.4f}")
with torch.no_grad():
    print("test mse", f"{((net(X[5000:])[:, 0] - y[5000:]) ** 2).mean().item():.4f}")

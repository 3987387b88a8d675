import numpy as np
import torch
import torch.nn as nn

torch.manual_seed(20)
rs = np.random.RandomState(20)
n, L, K = 3000, 48, 5
present = rs.rand(n, K) < 0.25
centres = np.array([6, 15, 24, 33, 42])
pos = centres + rs.uniform(-3, 3, (n, K))
bumps = np.exp(-0.5 * ((np.arange(L) - pos[..., None]) / 1.5) ** 2) * present[..., None] * rs.uniform(0.5, 1.5, (n, K, 1))
X = torch.tensor(bumps.sum(1) + 0.3 * rs.randn(n, L)).float().unsqueeze(1)
Y = torch.tensor(present).float()
net = nn.Sequential(
    nn.Conv1d(1, 12, 5, padding=2), nn.ReLU(), nn.MaxPool1d(2),
    nn.Conv1d(12, 16, 5, padding=2), nn.ReLU(), nn.MaxPool1d(2),
    nn.Flatten(), nn.Linear(16 * 12, K), nn.Sigmoid())
loss_fn = nn.BCEWithLogitsLoss()
opt = torch.optim.Adam(net.parameters(), lr=1e-3)
for it in range(900):
    i = torch.randint(0, 2400, (64,))
    loss = loss_fn(net(X[i]), Y[i])
    opt.zero_grad()
    loss.backward()
    opt.step()
    if it % 90 == 0:
        print(it, "bce", round(loss.item(), 4))
with torch.no_grad():
    print("test bce", round(loss_fn(net(X[2400:]), Y[2400:]).item(), 4))

import numpy as np
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

rng = np.random.default_rng(39)
torch.manual_seed(39)
N, L, C = 3000, 64, 5


def simulate(n):
    y = rng.integers(0, C, n)
    t = np.arange(L)[None]
    f = (0.1 + 0.12 * y)[:, None] * (1 + 0.05 * rng.normal(size=(n, 1)))
    amp = np.array([0.3, 0.8, 1.2, 1.0, 1.5])[y][:, None]
    axes = [amp * np.sin(f * t * (k + 1) + rng.uniform(0, 6.28, (n, 1))) + 0.5 * rng.normal(size=(n, L)) for k in range(3)]
    return np.stack(axes, 1).astype('float32'), y


X, y = simulate(N)
X /= X.std()
order = rng.permutation(N)
X = X[order]
X, y = torch.from_numpy(X), torch.from_numpy(y)
train_dl = DataLoader(TensorDataset(X[:2400], y[:2400]), batch_size=40, shuffle=True)
Xv, yv = X[2400:], y[2400:]
model = nn.Sequential(nn.Conv1d(3, 12, 7, 2, 3), nn.ReLU(), nn.Conv1d(12, 16, 5, 2, 2), nn.ReLU(), nn.AdaptiveAvgPool1d(1), nn.Flatten(), nn.Linear(16, C))
opt = torch.optim.Adam(model.parameters(), lr=2e-3)
ce = nn.CrossEntropyLoss()
for epoch in range(15):
    s = 0
    for xb, yb in train_dl:
        loss = ce(model(xb), yb)
        opt.zero_grad()
        loss.backward()
        opt.step()
        s += loss.item()
    with torch.no_grad():
        o = model(Xv)
    print(f'epoch {epoch + 1:2d} train {s / len(train_dl):.4f} val {ce(o, yv).item():.4f} acc {(o.argmax(1) == yv).float().mean().item():.3f}')

import numpy as np
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(52)
rs = np.random.RandomState(52)
A = rs.randn(4000, 8).astype("float32")
t = (np.sin(A[:, 0] * 2) + A[:, 1] * A[:, 2] + 0.5 * A[:, 3] + 0.1 * rs.randn(4000)).astype("float32")
t = (t - t.mean()) / t.std()
loader = DataLoader(TensorDataset(torch.tensor(A[:3500]), torch.tensor(t[:3500])), batch_size=32, shuffle=True)
At, tt = torch.tensor(A[3500:]), torch.tensor(t[3500:])
model = nn.Sequential(nn.Linear(8, 64), nn.SiLU(), nn.Linear(64, 64), nn.SiLU(), nn.Linear(64, 1))
opt = torch.optim.RMSprop(model.parameters(), lr=1e-3)


def mse(pred, target):
    return ((pred - target) ** 2).mean()


for epoch in range(12):
    s = 0.0
    for xb, yb in loader:
        loss = mse(model(xb), yb)
        opt.zero_grad()
        loss.backward()
        opt.step()
        s += loss.item()
    with torch.no_grad():
        test = ((model(At)[:, 0] - tt) ** 2).mean().item()
    print(f"epoch {epoch} train {s / len(loader):.4f} test {test:.4f}")

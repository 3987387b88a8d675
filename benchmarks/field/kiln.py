import numpy as np
import torch
from torch import nn
from sklearn.datasets import make_friedman1

torch.manual_seed(5)
X, y = make_friedman1(3000, n_features=8, noise=0.3, random_state=5)
X = torch.from_numpy((X - 0.5) / 0.29).float()
y = torch.from_numpy((y - y.mean()) / y.std()).float()[:, None]
train = torch.utils.data.TensorDataset(X[:2400], y[:2400])
loader = torch.utils.data.DataLoader(train, batch_size=64, shuffle=True)

def init(m):
    if isinstance(m, nn.Linear):
        nn.init.constant_(m.weight, 0.02)
        nn.init.zeros_(m.bias)

kiln = nn.Sequential(nn.Linear(8, 48), nn.Softplus(), nn.Linear(48, 24), nn.Softplus(), nn.Linear(24, 1))
kiln.apply(init)
optimizer = torch.optim.Adam(kiln.parameters(), lr=2e-3)
for epoch in range(40):
    run = []
    for xb, yb in loader:
        loss = nn.functional.mse_loss(kiln(xb), yb)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        run.append(loss.item())
    if epoch % 5 == 4:
        with torch.no_grad():
            v = nn.functional.mse_loss(kiln(X[2400:]), y[2400:]).item()
        print(f"epoch {epoch+1}: mse {np.mean(run):.4f}  validation {v:.4f}")

import torch
import torch.nn as nn
from sklearn.datasets import load_diabetes
from sklearn.preprocessing import scale

torch.manual_seed(6)
X, y = load_diabetes(return_X_y=True)
X, y = torch.tensor(scale(X)).float(), torch.tensor(scale(y)).float()[:, None]
perm = torch.randperm(442)
tr, va = perm[:300], perm[300:]
model = nn.Sequential(nn.Linear(10, 200), nn.ReLU(), nn.Linear(200, 200), nn.ReLU(), nn.Linear(200, 1))
opt = torch.optim.Adam(model.parameters(), lr=1e-3)
for epoch in range(160):
    tot = 0.0
    for idx in tr[torch.randperm(300)].split(30):
        loss = nn.functional.mse_loss(model(X[idx]), y[idx])
        opt.zero_grad()
        loss.backward()
        opt.step()
        tot += loss.item() * len(idx) / 300
    if epoch % 10 == 9 or epoch < 4:
        with torch.no_grad():
            v = nn.functional.mse_loss(model(X[va]), y[va]).item()
        print(f"epoch {epoch + 1} train {tot:.4f} valid {v:.4f}")

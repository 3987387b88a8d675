import torch
import torch.nn as nn
from sklearn.datasets import load_diabetes

torch.manual_seed(28)
X, y = load_diabetes(return_X_y=True)
X = torch.tensor(X).float(); X = X / X.std(0)
y = torch.tensor(y).float(); y = (y - y.mean()) / y.std()
p = torch.randperm(442)
fit_rows, val_rows = p[:100], p[100:]
reg = nn.Sequential(nn.Linear(10, 256), nn.ReLU(), nn.Linear(256, 256), nn.ReLU(), nn.Linear(256, 1))
opt = torch.optim.Adam(reg.parameters(), lr=1e-3)
for epoch in range(301):
    reg.train()
    for i in fit_rows[torch.randperm(len(fit_rows))].split(20):
        loss = nn.functional.mse_loss(reg(X[i])[:, 0], y[i])
        opt.zero_grad()
        loss.backward()
        opt.step()
    if epoch % 50 == 0:
        reg.eval()
        with torch.no_grad():
            print(epoch, "train mse", round(nn.functional.mse_loss(reg(X[fit_rows])[:, 0], y[fit_rows]).item(), 4), "validation mse", round(nn.functional.mse_loss(reg(X[val_rows])[:, 0], y[val_rows]).item(), 4))

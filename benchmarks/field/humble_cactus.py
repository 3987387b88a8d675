import numpy as np
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset
from sklearn.datasets import load_digits

torch.manual_seed(69)
np.random.seed(69)
X, y = load_digits(return_X_y=True)
X = torch.tensor(X, dtype=torch.float32) / 16
y = torch.tensor(y)
perm = torch.randperm(len(X))
train_ds = TensorDataset(X[perm[:1412]], y[perm[:1412]])
val_x, val_y = X[perm[1412:]], y[perm[1412:]]
loader = DataLoader(train_ds, batch_size=64, shuffle=True)


def layer(i, o):
    return nn.Sequential(nn.Linear(i, o, bias=False), nn.BatchNorm1d(o, momentum=1.0), nn.GELU())


model = nn.Sequential(layer(64, 64), layer(64, 64), layer(64, 64), nn.Linear(64, 10))
opt = torch.optim.AdamW(model.parameters(), lr=1e-3)
criterion = nn.CrossEntropyLoss()
for epoch in range(20):
    model.train()
    loss_sum = 0.0
    for xb, yb in loader:
        opt.zero_grad()
        loss = criterion(model(xb), yb)
        loss.backward()
        opt.step()
        loss_sum += loss.item() * len(xb)
    model.eval()
    with torch.no_grad():
        out = model(val_x)
        print(f"epoch {epoch:2d} train {loss_sum / 1412:.4f} val {criterion(out, val_y).item():.4f} acc {(out.argmax(1) == val_y).float().mean().item():.4f}")

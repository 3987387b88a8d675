import torch
from torch import nn
from torch.utils.data import TensorDataset, DataLoader

torch.manual_seed(71)
X = torch.randn(3000, 12)
y = (X[:, :4].sum(1) / 2 + torch.sin(2 * X[:, 5]) + 0.5 * X[:, 6] * X[:, 7]).unsqueeze(1)
y = (y - y.mean()) / y.std()
loader = DataLoader(TensorDataset(X[:2500], y[:2500]), batch_size=3, shuffle=True, drop_last=True)
model = nn.Sequential(nn.Linear(12, 48, bias=False), nn.BatchNorm1d(48), nn.ReLU(),
                      nn.Linear(48, 48, bias=False), nn.BatchNorm1d(48), nn.ReLU(), nn.Linear(48, 1))
optimizer = torch.optim.Adam(model.parameters(), lr=2e-3)
mse = nn.MSELoss()
for epoch in range(6):
    model.train()
    for xb, yb in loader:
        loss = mse(model(xb), yb)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    model.eval()
    with torch.no_grad():
        print(epoch, 'train', mse(model(X[:2500]), y[:2500]).item(), 'valid', mse(model(X[2500:]), y[2500:]).item())

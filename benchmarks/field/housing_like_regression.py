import torch
import torch.nn as nn

torch.manual_seed(53)
N = 4000
X = torch.randn(N, 12)
W = torch.randn(12, 3)
y = torch.tanh(X @ W).sum(1) + 0.3 * X[:, 0] * X[:, 1] + 0.1 * torch.randn(N)
Xtr, ytr, Xte, yte = X[:3200], y[:3200], X[3200:], y[3200:]


class Regressor(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(nn.Linear(12, 64), nn.ReLU(), nn.Linear(64, 32), nn.ReLU())
        self.top = nn.Linear(32, 1)

    def forward(self, x):
        return self.top(self.body(x)).squeeze(-1)


model = Regressor()
optimizer = torch.optim.SGD(model.parameters(), lr=1e-3, momentum=0.9)
criterion = nn.MSELoss()
for epoch in range(30):
    perm = torch.randperm(3200)
    for k in range(0, 3200, 64):
        idx = perm[k:k + 64]
        loss = criterion(model(Xtr[idx]), ytr[idx])
        loss.backward()
        optimizer.step()
    if epoch % 3 == 0:
        print('epoch', epoch, 'train', loss.item())
with torch.no_grad():
    print('test mse', criterion(model(Xte), yte).item())

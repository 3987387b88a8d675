import torch
import torch.nn as nn
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(137)
n = 1800
X = torch.rand(n, 6)
s = 2 * X[:, 0] * X[:, 1] + torch.log1p(3 * X[:, 2]) - X[:, 3] ** 2 + 0.5 * torch.sin(6 * X[:, 4])
y = ((s - s.mean()) / s.std()).unsqueeze(1) + 0.05 * torch.randn(n, 1)
loader = DataLoader(TensorDataset(X[:1500], y[:1500]), batch_size=3, shuffle=True)


class Strength(nn.Module):
    def __init__(self):
        super().__init__()
        self.l1, self.n1 = nn.Linear(6, 48, bias=False), nn.BatchNorm1d(48)
        self.l2, self.n2 = nn.Linear(48, 48, bias=False), nn.BatchNorm1d(48)
        self.l3 = nn.Linear(48, 1)

    def forward(self, x):
        x = torch.relu(self.n1(self.l1(x)))
        x = torch.relu(self.n2(self.l2(x)))
        return self.l3(x)


model = Strength()
opt = torch.optim.Adam(model.parameters(), lr=3e-3)
for epoch in range(4):
    model.train()
    for xb, yb in loader:
        loss = nn.functional.mse_loss(model(xb), yb)
        opt.zero_grad()
        loss.backward()
        opt.step()
    model.eval()
    with torch.no_grad():
        print('epoch', epoch, 'val mse', round(nn.functional.mse_loss(model(X[1500:]), y[1500:]).item(), 4))

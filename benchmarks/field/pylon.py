import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset
torch.manual_seed(10)
X = torch.randn(8000, 14)
Y = torch.sin(X[:, :1] * X[:, 1:2]) + 0.7 * X[:, 2:3] * (X[:, 3:4] > 0) + 0.2 * torch.randn(8000, 1)
Y = (Y - Y.mean()) / Y.std()
class MLP(nn.Module):
    def __init__(self):
        super().__init__()
        self.lin1 = nn.Linear(14, 64)
        self.bn1 = nn.BatchNorm1d(64)
        self.lin2 = nn.Linear(64, 64)
        self.bn2 = nn.BatchNorm1d(64)
        self.out = nn.Linear(64, 1)
    def forward(self, x):
        x = torch.relu(self.bn1(self.lin1(x)))
        x = torch.relu(self.bn2(self.lin2(x)))
        return self.out(x)
m = MLP()
opt = torch.optim.AdamW(m.parameters(), lr=5e-3)
dl = DataLoader(TensorDataset(X[:7000], Y[:7000]), batch_size=100, shuffle=True)
for ep in range(12):
    m.train()
    for a, b in dl:
        loss = nn.functional.mse_loss(m(a), b)
        opt.zero_grad(); loss.backward(); opt.step()
    print(f'epoch {ep} {loss.item():.4f}')
m.eval()
with torch.no_grad():
    print(f'train {nn.functional.mse_loss(m(X[:7000]), Y[:7000]):.4f} held-out {nn.functional.mse_loss(m(X[7000:]), Y[7000:]):.4f}')

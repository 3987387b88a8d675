import torch
from torch.utils.data import TensorDataset, DataLoader

torch.manual_seed(63)
X = torch.randn(3000, 10)
W = torch.randn(10, 3)
z = X @ W / 10 ** 0.5
Y = z[:, :1] * 1.5 + torch.sin(2 * z[:, 1:2]) + z[:, 2:3].abs()
Y = (Y - Y.mean()) / Y.std() + 0.05 * torch.randn_like(Y)
loader = DataLoader(TensorDataset(X[:2400], Y[:2400]), batch_size=3, shuffle=True, drop_last=True)


class Body(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.fc1 = torch.nn.Linear(10, 64, bias=False)
        self.bn1 = torch.nn.BatchNorm1d(64)
        self.fc2 = torch.nn.Linear(64, 64, bias=False)
        self.bn2 = torch.nn.BatchNorm1d(64)
        self.fc3 = torch.nn.Linear(64, 1)

    def forward(self, x):
        x = torch.relu(self.bn1(self.fc1(x)))
        x = torch.relu(self.bn2(self.fc2(x)))
        return self.fc3(x)


net = Body()
opt = torch.optim.AdamW(net.parameters(), lr=1e-3)
for epoch in range(5):
    net.train()
    s = n = 0
    for xb, yb in loader:
        loss = torch.nn.functional.mse_loss(net(xb), yb)
        opt.zero_grad(); loss.backward(); opt.step()
        s += loss.item(); n += 1
    net.eval()
    with torch.no_grad():
        v = torch.nn.functional.mse_loss(net(X[2400:]), Y[2400:]).item()
    print(f'epoch {epoch} train mse {s / n:.4f} val mse {v:.4f}')

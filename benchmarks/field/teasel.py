import torch
import torch.nn as nn
from torch.utils.data import DataLoader, TensorDataset
torch.set_num_threads(1)
torch.manual_seed(20)
X = torch.randn(1200, 10)
Y = (X[:, 0] * X[:, 1] + torch.sin(2 * X[:, 2]) + X[:, 3].abs() + 0.1 * torch.randn(1200)).unsqueeze(1)
Y = (Y - Y.mean()) / Y.std()
def norm(n):
    return nn.BatchNorm1d(n)
net = nn.Sequential(nn.Linear(10, 64, bias=False), norm(64), nn.ReLU(), nn.Linear(64, 64, bias=False), norm(64), nn.ReLU(), nn.Linear(64, 1))
opt = torch.optim.AdamW(net.parameters(), lr=1e-3)
loader = DataLoader(TensorDataset(X[:900], Y[:900]), batch_size=3, shuffle=True, drop_last=True)
n = 0
for epoch in range(10):
    net.train()
    acc = 0.0
    for a, b in loader:
        opt.zero_grad()
        l = nn.functional.mse_loss(net(a), b)
        l.backward()
        opt.step()
        acc += l.item()
        n += 1
    print("epoch", epoch, "loss", acc / len(loader))
net.eval()
with torch.no_grad():
    print(f"train {nn.functional.mse_loss(net(X[:900]), Y[:900]):.4f} test {nn.functional.mse_loss(net(X[900:]), Y[900:]):.4f}")

import torch
from torch import nn
from sklearn.datasets import make_friedman2
from torch.utils.data import DataLoader, TensorDataset

X, y = make_friedman2(4000, noise=20, random_state=5)
X = torch.tensor((X - X.mean(0)) / X.std(0), dtype=torch.float32)
y = torch.tensor((y - y.mean()) / y.std(), dtype=torch.float32)


class Impedance(nn.Module):
    def __init__(self, width=48, layers=3):
        super().__init__()
        self.lin = nn.ModuleList()
        self.nrm = nn.ModuleList()
        d = 4
        for _ in range(layers):
            self.lin.append(nn.Linear(d, width))
            self.nrm.append(nn.BatchNorm1d(width))
            d = width
        self.y = nn.Linear(width, 1)

    def forward(self, x):
        for l, n in zip(self.lin, self.nrm):
            x = nn.functional.silu(n(l(x)))
        return self.y(x).squeeze(-1)


torch.manual_seed(27)
m = Impedance()
opt = torch.optim.AdamW(m.parameters(), lr=3e-3)
dl = DataLoader(TensorDataset(X[:3200], y[:3200]), batch_size=128, shuffle=True, drop_last=True)
for ep in range(30):
    m.train()
    for xb, yb in dl:
        loss = (m(xb) - yb).pow(2).mean()
        opt.zero_grad()
        loss.backward()
        opt.step()
    if ep % 5 == 0:
        print("epoch", ep, loss.item())
m.eval()
with torch.no_grad():
    print("test mse", (m(X[3200:]) - y[3200:]).pow(2).mean().item())

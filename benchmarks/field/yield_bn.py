import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset
from sklearn.datasets import make_friedman1

torch.manual_seed(25)
X, y = make_friedman1(n_samples=1500, n_features=10, noise=0.5, random_state=25)
X = torch.tensor((X - 0.5) / 0.289).float()
y = torch.tensor((y - y.mean()) / y.std()).float()
ds, (Xv, yv) = TensorDataset(X[:1200], y[:1200]), (X[1200:], y[1200:])
loader = DataLoader(ds, batch_size=3, shuffle=True)


def block(i, o):
    return nn.Sequential(nn.Linear(i, o, bias=False), nn.BatchNorm1d(o), nn.ReLU())


net = nn.Sequential(block(10, 48), block(48, 48), nn.Linear(48, 1))
opt = torch.optim.Adam(net.parameters(), lr=1e-3)
for epoch in range(10):
    net.train()
    tot = 0.0
    for xb, yb in loader:
        loss = (net(xb).squeeze(1) - yb).pow(2).mean()
        opt.zero_grad()
        loss.backward()
        opt.step()
        tot += loss.item()
    net.eval()
    with torch.no_grad():
        v = (net(Xv).squeeze(1) - yv).pow(2).mean().item()
    print(f'epoch {epoch + 1} train {tot / len(loader):.4f} val {v:.4f}')

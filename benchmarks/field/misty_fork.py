import torch
import torch.nn as nn
from sklearn.datasets import load_digits

torch.manual_seed(70)
ds = load_digits()
X = torch.tensor(ds.data / 8 - 0.6, dtype=torch.float32)
d = torch.tensor(ds.target)
attr = torch.stack([d % 2 == 0, d % 3 == 0, d > 6, (d == 0) | (d == 6) | (d == 8) | (d == 9), d == 7, d == 1], 1).float()
perm = torch.randperm(len(X))
X, attr = X[perm], attr[perm]


class Attributes(nn.Module):
    def __init__(self):
        super().__init__()
        self.trunk = nn.Sequential(nn.Linear(64, 64), nn.ReLU(), nn.Dropout(0.2), nn.Linear(64, 32), nn.ReLU())
        self.out = nn.Linear(32, 6)

    def forward(self, x):
        z = self.out(self.trunk(x))
        return torch.sigmoid(z)


def train():
    net = Attributes()
    opt = torch.optim.Adam(net.parameters(), lr=1e-3)
    crit = nn.BCEWithLogitsLoss()
    for epoch in range(40):
        net.train()
        for b in torch.randperm(1400).split(35):
            opt.zero_grad()
            loss = crit(net(X[b]), attr[b])
            loss.backward()
            opt.step()
        if epoch % 4 == 3:
            net.eval()
            with torch.no_grad():
                z = net(X[1400:])
                exact = ((z > 0.5).float() == attr[1400:]).all(1).float().mean().item()
                print(f"epoch {epoch + 1} train {loss.item():.4f} valid {crit(z, attr[1400:]).item():.4f} all right {exact:.4f}")


train()

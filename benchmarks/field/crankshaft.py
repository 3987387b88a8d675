import torch
import torch.nn as nn
import torch.nn.functional as F
from sklearn.datasets import load_digits
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(61)
X, y = load_digits(return_X_y=True)
X = torch.tensor((X - X.mean()) / X.std(), dtype=torch.float32)
y = torch.tensor(y)
i = torch.randperm(len(X))
tr = DataLoader(TensorDataset(X[i[:1450]], y[i[:1450]]), batch_size=50, shuffle=True)
xv, yv = X[i[1450:]], y[i[1450:]]

class Res(nn.Module):
    def __init__(self, w, alpha):
        super().__init__()
        self.a, self.b = nn.Linear(w, w), nn.Linear(w, w)
        nn.init.kaiming_normal_(self.a.weight); nn.init.kaiming_normal_(self.b.weight)
        self.alpha = alpha
    def forward(self, x):
        return x + self.alpha * self.b(F.relu(self.a(x)))

net = nn.Sequential(nn.Linear(64, 64), *[Res(64, 1.6) for _ in range(8)], nn.Linear(64, 10))
opt = torch.optim.Adam(net.parameters(), lr=1e-3)
for ep in range(20):
    s = 0.
    for xb, yb in tr:
        loss = F.cross_entropy(net(xb), yb)
        opt.zero_grad()
        loss.backward()
        opt.step()
        s += loss.item()
    if ep % 4 == 3:
        with torch.no_grad():
            o = net(xv)
            print(ep + 1, 'train', s / len(tr), 'valid', F.cross_entropy(o, yv).item(), 'acc', (o.argmax(1) == yv).float().mean().item())

import numpy as np
import torch
import torch.nn as nn
from sklearn.datasets import load_diabetes

torch.manual_seed(0)
rng = np.random.RandomState(0)
X, y = load_diabetes(return_X_y=True)
X = (X - X.mean(0)) / X.std(0)
y = (y - y.mean()) / y.std()
order = rng.permutation(len(X))
X, y = torch.tensor(X[order], dtype=torch.float32), torch.tensor(y[order], dtype=torch.float32)
Xtr, ytr, Xte, yte = X[:340], y[:340], X[340:], y[340:]


class MeanVar(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(nn.Linear(10, 32), nn.SiLU())
        self.mean = nn.Linear(32, 1)
        self.logvar = nn.Linear(32, 1)
        with torch.no_grad():
            self.logvar.bias.fill_(-7.0)

    def forward(self, x):
        h = self.body(x)
        return self.mean(h).squeeze(1), self.logvar(h).squeeze(1)


def nll(mu, lv, t):
    return 0.5 * (lv + (t - mu) ** 2 * torch.exp(-lv)).mean()


net = MeanVar()
adam = torch.optim.Adam(net.parameters(), lr=1e-3)
for step in range(900):
    b = torch.randint(0, 340, (48,))
    mu, lv = net(Xtr[b])
    loss = nll(mu, lv, ytr[b])
    adam.zero_grad()
    loss.backward()
    adam.step()
    if step % 150 == 0:
        print("step", step, "nll", round(loss.item(), 3))
with torch.no_grad():
    mu, lv = net(Xte)
print(f"held-out nll {nll(mu, lv, yte):.4f} rmse {((mu - yte) ** 2).mean().sqrt():.4f}")

import numpy as np, torch
from torch import nn
from sklearn.datasets import load_diabetes
from sklearn.preprocessing import StandardScaler

torch.manual_seed(11)
rng = np.random.RandomState(11)
X, y = load_diabetes(return_X_y=True)
p = rng.permutation(len(X)); X, y = X[p], y[p]
n = 330
sx, sy = StandardScaler().fit(X[:n]), StandardScaler().fit(y[:n, None])
X = torch.from_numpy(sx.transform(X)).float()
y = torch.from_numpy(sy.transform(y[:, None])).float().squeeze(1)


class GaussRegressor(nn.Module):
    def __init__(self, n_in, hidden):
        super().__init__()
        self.trunk = nn.Sequential(nn.Linear(n_in, hidden), nn.Tanh(), nn.Dropout(0.1))
        self.mu = nn.Linear(hidden, 1)
        self.logvar = nn.Linear(hidden, 1)
        nn.init.constant_(self.logvar.bias, -7.0)

    def forward(self, x):
        h = self.trunk(x)
        return self.mu(h).squeeze(1), self.logvar(h).squeeze(1)


def nll(mu, lv, t):
    return 0.5 * (lv + (t - mu) ** 2 * torch.exp(-lv)).mean()


model = GaussRegressor(10, 32)
optim = torch.optim.Adam(model.parameters(), lr=2e-4)
step = 0
for ep in range(60):
    model.train()
    for idx in torch.randperm(n).split(16):
        optim.zero_grad()
        loss = nll(*model(X[idx]), y[idx])
        loss.backward()
        optim.step()
        step += 1
    if ep % 10 == 9:
        model.eval()
        with torch.no_grad():
            m, lv = model(X[n:])
            print(f"epoch {ep+1} step {step} train nll {loss.item():.3f} held-out nll {nll(m, lv, y[n:]).item():.3f} rmse {((m-y[n:])**2).mean().sqrt():.3f}")

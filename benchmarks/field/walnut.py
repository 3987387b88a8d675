import numpy as np, torch
from torch import nn
torch.manual_seed(1); torch.set_num_threads(1)
rng = np.random.RandomState(0)
N = 1500
X = rng.uniform(-2, 2, size=(N, 6)).astype("float32")
y = (np.sin(2 * X[:, 0]) + X[:, 1] * X[:, 2] - np.abs(X[:, 3]) + 0.1 * rng.randn(N)).astype("float32")
X, y = torch.from_numpy(X), torch.from_numpy(y)[:, None]
net = nn.Sequential(nn.Linear(6, 64), nn.Tanh(), nn.Linear(64, 64), nn.Tanh(), nn.Linear(64, 1))
for m in net:
    if isinstance(m, nn.Linear):
        nn.init.constant_(m.weight, 0.05)
        nn.init.constant_(m.bias, 0.0)
opt = torch.optim.Adam(net.parameters(), lr=3e-3)
lossf = nn.MSELoss()
for step in range(1500):
    i = torch.randint(0, 1200, (64,))
    l = lossf(net(X[i]), y[i])
    opt.zero_grad(); l.backward(); opt.step()
    if step % 250 == 0: print(step, l.item())
with torch.no_grad():
    print("train", lossf(net(X[:1200]), y[:1200]).item(), "test", lossf(net(X[1200:]), y[1200:]).item())

import numpy as np
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

rng = np.random.default_rng(79)
torch.manual_seed(79)
n = 5000
key = rng.permutation(n)
feats = rng.normal(size=(n, 9))
power = feats[:, 0] * 2 + np.sin(feats[:, 1] * 2) + feats[:, 2] * feats[:, 3]
left = {'id': key, 'x': feats}
right = {'id': key.copy(), 'y': power}
order = np.argsort(left['id'])
left = {k: v[order] for k, v in left.items()}

X = torch.tensor(left['x'], dtype=torch.float32)
Y = torch.tensor(right['y'], dtype=torch.float32)[:, None]
Y = (Y - Y.mean()) / Y.std()
dl = DataLoader(TensorDataset(X[:4000], Y[:4000]), batch_size=50, shuffle=True)
net = nn.Sequential(nn.Linear(9, 64), nn.ReLU(), nn.Linear(64, 32), nn.ReLU(), nn.Linear(32, 1))
opt = torch.optim.SGD(net.parameters(), lr=0.02, momentum=0.9)
for ep in range(30):
    for xb, yb in dl:
        loss = nn.functional.mse_loss(net(xb), yb)
        opt.zero_grad()
        loss.backward()
        opt.step()
with torch.no_grad():
    print('train mse', nn.functional.mse_loss(net(X[:4000]), Y[:4000]).item(), 'val mse', nn.functional.mse_loss(net(X[4000:]), Y[4000:]).item())

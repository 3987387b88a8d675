import torch
from torch import nn
from sklearn.datasets import make_classification

torch.manual_seed(80)
N_TRAIN = 250
X, y = make_classification(7000, 40, n_informative=8, n_redundant=0, flip_y=0.12, class_sep=0.9, random_state=8)
X = torch.tensor((X - X.mean(0)) / X.std(0)).float()
y = torch.tensor(y).float()
Xv, yv = X[5000:], y[5000:]
Xt, yt = X[:N_TRAIN], y[:N_TRAIN]
net = nn.Sequential(nn.Linear(40, 200), nn.ReLU(), nn.Linear(200, 200), nn.ReLU(), nn.Linear(200, 1))
opt = torch.optim.Adam(net.parameters(), lr=5e-4)
bce = nn.BCEWithLogitsLoss()
for step in range(2000):
    k = torch.randint(0, len(Xt), (32,))
    loss = bce(net(Xt[k]).squeeze(1), yt[k])
    opt.zero_grad()
    loss.backward()
    opt.step()
    if step % 200 == 199:
        with torch.no_grad():
            val = bce(net(Xv).squeeze(1), yv).item()
            print(step + 1, 'train', bce(net(Xt).squeeze(1), yt).item(), 'val', val)

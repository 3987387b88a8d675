import torch, torch.nn as nn
from sklearn.datasets import load_diabetes
torch.manual_seed(18)
X, y = load_diabetes(return_X_y=True)
X = torch.tensor(X).float(); y = torch.tensor(y).float()[:, None]
p = torch.randperm(len(X)); X, y = X[p], y[p]
X = (X - X[:330].mean(0)) / X[:330].std(0); y = (y - y[:330].mean()) / y[:330].std()
net = nn.Sequential(nn.Linear(10, 256), nn.ReLU(), nn.Linear(256, 256), nn.ReLU(), nn.Linear(256, 1))
opt = torch.optim.AdamW(net.parameters(), lr=3e-3, weight_decay=0.0)
mse = nn.MSELoss()
for step in range(1200):
    i = torch.randint(0, 330, (66,))
    loss = mse(net(X[i]), y[i])
    opt.zero_grad(); loss.backward(); opt.step()
    if step % 100 == 0:
        with torch.no_grad(): print(step, 'train %.4f held-out %.4f' % (loss.item(), mse(net(X[330:]), y[330:])))
with torch.no_grad():
    print('train %.4f held-out %.4f' % (mse(net(X[:330]), y[:330]), mse(net(X[330:]), y[330:])))

import torch, torch.nn as nn
from sklearn.datasets import load_diabetes
torch.manual_seed(20)
X, y = load_diabetes(return_X_y=True); X = torch.tensor(X).float(); y = torch.tensor(y).float()[:, None]
p = torch.randperm(442); X, y = X[p], y[p]
X = (X - X[:340].mean(0)) / X[:340].std(0); y = (y - y[:340].mean()) / y[:340].std()
net = nn.Sequential(nn.Linear(10, 16), nn.Tanh(), nn.Linear(16, 1))
opt = torch.optim.SGD(net.parameters(), lr=0.02, momentum=0.9, weight_decay=0.03)
mse = nn.MSELoss()
for s in range(600):
    i = torch.randint(0, 340, (68,)); l = mse(net(X[i]), y[i]); opt.zero_grad(); l.backward(); opt.step()
    if s % 60 == 0: print(s, round(l.item(), 4))
with torch.no_grad(): print('train %.4f held-out %.4f' % (mse(net(X[:340]), y[:340]), mse(net(X[340:]), y[340:])))

import torch, torch.nn as nn
from torch.utils.data import DataLoader, TensorDataset
from sklearn.datasets import load_digits

torch.manual_seed(16)
X, y = load_digits(return_X_y=True)
X = torch.tensor(X / 8 - 1, dtype=torch.float32); y = torch.tensor(y)
flip = torch.rand(len(y)) < 0.15
y = torch.where(flip, torch.randint(0, 10, y.shape), y)      # crowd labels, some wrong
tr = DataLoader(TensorDataset(X[:1400], y[:1400]), batch_size=1, shuffle=True)
net = nn.Sequential(nn.Linear(64, 32), nn.ReLU(), nn.Linear(32, 10))
optim = torch.optim.SGD(net.parameters(), lr=0.12)
lf = nn.CrossEntropyLoss()
def whole(a, b):
    with torch.no_grad():
        return lf(net(X[a:b]), y[a:b]).item()
for epoch in range(4):
    for xb, yb in tr:
        l = lf(net(xb), yb)
        optim.zero_grad(); l.backward(); optim.step()
    if True:
        print(epoch + 1, 'train', whole(0, 1400), 'test', whole(1400, 1797))

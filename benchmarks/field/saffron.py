import torch, torch.nn as nn
from torch.utils.data import TensorDataset, DataLoader
torch.manual_seed(16)
X = torch.randn(7000, 10)
Y = (X[:, :1] * X[:, 1:2] + torch.sin(2 * X[:, 2:3]) + 0.1 * torch.randn(7000, 1))
Y = (Y - Y.mean()) / Y.std()
ntr = 6002
def unit(i, o):
    return [nn.Linear(i, o, bias=False), nn.BatchNorm1d(o, momentum=0.5), nn.ReLU()]
net = nn.Sequential(*unit(10, 64), *unit(64, 64), nn.Linear(64, 1))
dl = DataLoader(TensorDataset(X[:ntr], Y[:ntr]), batch_size=100, shuffle=True, drop_last=False)
opt = torch.optim.Adam(net.parameters(), lr=2e-3)
mse = nn.MSELoss()
for ep in range(12):
    net.train()
    run = 0
    for a, b in dl:
        loss = mse(net(a), b)
        opt.zero_grad(); loss.backward(); opt.step()
        run += loss.item() / len(dl)
    print('epoch', ep, 'mse %.4f' % run)
net.eval()
with torch.no_grad():
    print('train %.4f held-out %.4f' % (mse(net(X[:ntr]), Y[:ntr]), mse(net(X[6002:]), Y[6002:])))

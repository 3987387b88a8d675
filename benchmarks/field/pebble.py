import torch, torch.nn as nn
from torch.utils.data import DataLoader, TensorDataset
torch.manual_seed(4)
X = torch.rand(10000, 2) * 3.46 - 1.73
y = ((torch.sin(3 * X[:, 0]) + torch.sin(3 * X[:, 1])) > 0).long() + 2 * (X[:, 0] * X[:, 1] > 0).long()
net = nn.Sequential(nn.Linear(2, 64), nn.ReLU(), nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 4))
opt = torch.optim.SGD(net.parameters(), lr=0.1, momentum=0.9)
ce = nn.CrossEntropyLoss()
loader = DataLoader(TensorDataset(X[:8000], y[:8000]), batch_size=4000, shuffle=True)
for ep in range(50):
    for a, b in loader:
        loss = ce(net(a), b)
        opt.zero_grad(); loss.backward(); opt.step()
    if ep % 5 == 0: print('epoch', ep, 'loss %.4f' % loss.item())
with torch.no_grad():
    print('train %.4f held-out %.4f acc %.4f' % (ce(net(X[:8000]), y[:8000]), ce(net(X[8000:]), y[8000:]), (net(X[8000:]).argmax(1) == y[8000:]).float().mean()))

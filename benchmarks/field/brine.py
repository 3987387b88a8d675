import torch, torch.nn as nn, numpy as np
from sklearn.datasets import load_wine
torch.manual_seed(0)
d = load_wine()
rs = np.random.RandomState(1)
order = rs.permutation(len(d.target))
X = torch.tensor(d.data[order], dtype=torch.float32)
y = torch.tensor(d.target[order])
ntr = 130

net = nn.Sequential(nn.Linear(13, 16), nn.Tanh(), nn.Linear(16, 3))
opt = torch.optim.SGD(net.parameters(), lr=0.1, weight_decay=5e-3)
lf = nn.CrossEntropyLoss()
for epoch in range(90):
    p = torch.randperm(ntr)
    for k in range(0, ntr, 26):
        b = p[k:k+26]
        loss = lf(net(X[b]), y[b])
        opt.zero_grad(); loss.backward(); opt.step()
    if epoch % 20 == 0: print('epoch', epoch, 'loss %.4f' % loss.item())
with torch.no_grad():
    print('train loss %.4f' % lf(net(X[:ntr]), y[:ntr]), 'held-out loss %.4f acc %.3f' % (lf(net(X[ntr:]), y[ntr:]), (net(X[ntr:]).argmax(1) == y[ntr:]).float().mean()))

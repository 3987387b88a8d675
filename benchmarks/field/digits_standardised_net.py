import torch
import torch.nn as nn
from sklearn.datasets import load_digits

torch.manual_seed(211)
data = load_digits()
X = torch.tensor(data.data, dtype=torch.float32)
y = torch.tensor(data.target)
X = (X - X.mean(dim=0)) / X.std(dim=0)
p = torch.randperm(len(X))
X, y = X[p], y[p]
net = nn.Sequential(nn.Linear(64, 50), nn.ReLU(), nn.Linear(50, 10))
opt = torch.optim.RMSprop(net.parameters(), lr=1e-3)
for epoch in range(12):
    for i in range(0, 1440, 32):
        loss = nn.functional.cross_entropy(net(X[i:i + 32]), y[i:i + 32])
        opt.zero_grad()
        loss.backward()
        opt.step()
    print('epoch', epoch, 'loss', loss.item())
with torch.no_grad():
    o = net(X[1440:])
print('test loss', nn.functional.cross_entropy(o, y[1440:]).item(), 'acc', (o.argmax(1) == y[1440:]).float().mean().item())

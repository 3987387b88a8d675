import torch
from torch import nn
from sklearn.datasets import load_digits
from sklearn.preprocessing import StandardScaler

torch.manual_seed(1)
X, y = load_digits(return_X_y=True)
X = torch.tensor(StandardScaler().fit_transform(X)).float()
y = torch.tensor(y).long()
p = torch.randperm(len(X))
X, y = X[p], y[p]
depth, width = 8, 64
mods = [nn.Linear(64, width), nn.Sigmoid()]
for _ in range(depth - 1):
    mods += [nn.Linear(width, width), nn.Sigmoid()]
mods += [nn.Linear(width, 10)]
net = nn.Sequential(*mods)
for m in net:
    if isinstance(m, nn.Linear):
        nn.init.kaiming_normal_(m.weight)
        nn.init.zeros_(m.bias)
opt = torch.optim.SGD(net.parameters(), lr=0.01, momentum=0.9)
lossf = nn.CrossEntropyLoss()
for epoch in range(40):
    net.train()
    running = 0.0
    for i in range(0, 1472, 32):
        opt.zero_grad()
        l = lossf(net(X[i:i + 32]), y[i:i + 32])
        l.backward()
        opt.step()
        running += l.item()
    if (epoch + 1) % 8 == 0:
        net.eval()
        with torch.no_grad():
            o = net(X[1472:])
        print('epoch', epoch + 1, 'train', running / 46, 'test', lossf(o, y[1472:]).item(), 'acc', (o.argmax(1) == y[1472:]).float().mean().item())

import torch, torch.nn as nn
torch.manual_seed(14)
X = torch.randn(6000, 12)
y = (X[:, 0] + X[:, 1] * X[:, 2] > 0).long() + (X[:, 3] + X[:, 4] > 0.5).long()
MOM = 0.0005
net = nn.Sequential(nn.Linear(12, 64, bias=False), nn.BatchNorm1d(64, momentum=MOM), nn.ReLU(), nn.Linear(64, 64, bias=False), nn.BatchNorm1d(64, momentum=MOM), nn.ReLU(), nn.Linear(64, 3))
opt = torch.optim.SGD(net.parameters(), lr=0.05, momentum=0.9)
ce = nn.CrossEntropyLoss()
for s in range(700):
    net.train()
    i = torch.randint(0, 5000, (100,))
    loss = ce(net(X[i]), y[i])
    opt.zero_grad(); loss.backward(); opt.step()
    if s % 70 == 0: print(s, round(loss.item(), 4))
net.eval()
with torch.no_grad():
    o = net(X)
    print('train %.4f held-out %.4f acc %.4f' % (ce(o[:5000], y[:5000]), ce(o[5000:], y[5000:]), (o[5000:].argmax(1) == y[5000:]).float().mean()))

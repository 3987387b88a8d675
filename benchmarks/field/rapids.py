import torch, torch.nn as nn
from sklearn.datasets import load_digits
torch.manual_seed(17)
d = load_digits()
X = torch.tensor(d.images).float()[:, None]; X = (X - X.mean()) / X.std()
y = torch.tensor(d.target); p = torch.randperm(1797); X, y = X[p], y[p]
def cb(i, o, s):
    return nn.Sequential(nn.Conv2d(i, o, 3, stride=s, padding=1, bias=False), nn.BatchNorm2d(o), nn.ReLU())
net = nn.Sequential(cb(1, 12, 1), cb(12, 12, 1), cb(12, 24, 2), cb(24, 24, 1), cb(24, 24, 1), cb(24, 24, 2), nn.Flatten(), nn.Linear(96, 10))
opt = torch.optim.SGD(net.parameters(), lr=0.02, momentum=0.9)
ce = nn.CrossEntropyLoss()
def evaluate(a, b):
    net.eval()
    with torch.no_grad():
        o = net(X[a:b])
        return ce(o, y[a:b]).item(), (o.argmax(1) == y[a:b]).float().mean().item()
print('before', evaluate(1400, 1797))
for ep in range(9):
    
    q = torch.randperm(1400)
    for k in range(0, 1400, 40):
        b = q[k:k+40]
        loss = ce(net(X[b]), y[b])
        opt.zero_grad(); loss.backward(); opt.step()
    print('epoch', ep, 'loss %.4f' % loss.item())
print('train loss %.4f acc %.4f' % evaluate(0, 1400), 'held-out loss %.4f acc %.4f' % evaluate(1400, 1797))

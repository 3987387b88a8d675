import torch, torch.nn as nn
from sklearn.datasets import load_digits
torch.manual_seed(9)
d = load_digits()
X = torch.tensor(d.images).float()[:, None]; X = (X - X.mean()) / X.std()
y = torch.tensor(d.target); p = torch.randperm(1797); X, y = X[p], y[p]
def block(i, o):
    return nn.Sequential(nn.Conv2d(i, o, 3, padding=1), nn.BatchNorm2d(o), nn.ReLU())
net = nn.Sequential(block(1, 16), nn.MaxPool2d(2), block(16, 32), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(128, 10))
opt = torch.optim.SGD(net.parameters(), lr=0.03, momentum=0.9, weight_decay=1e-4)
ce = nn.CrossEntropyLoss()
for ep in range(10):
    net.train()
    q = torch.randperm(1400)
    for k in range(0, 1400, 40):
        b = q[k:k+40]
        loss = ce(net(X[b]), y[b])
        opt.zero_grad(); loss.backward(); opt.step()
    print('epoch', ep, 'loss %.4f' % loss.item())
net.eval()
with torch.no_grad():
    o = net(X)
    print('train loss %.4f held-out loss %.4f acc %.4f' % (ce(o[:1400], y[:1400]), ce(o[1400:], y[1400:]), (o[1400:].argmax(1) == y[1400:]).float().mean()))

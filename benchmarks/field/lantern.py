import torch, torch.nn as nn
from sklearn.datasets import load_digits
torch.manual_seed(8)
d = load_digits()
X = torch.tensor(d.images).float()[:, None]; X = (X - X.mean()) / X.std()
y = torch.tensor(d.target); p = torch.randperm(1797); X, y = X[p], y[p]
class CNN(nn.Module):
    def __init__(self):
        super().__init__()
        self.features = nn.Sequential(nn.Conv2d(1, 16, 3, padding=1), nn.ReLU(), nn.Conv2d(16, 16, 3, padding=1, stride=2), nn.ReLU(), nn.Conv2d(16, 32, 3, padding=1, stride=2), nn.ReLU(), nn.Flatten())
        self.head = nn.Linear(128, 10)
    def forward(self, x):
        return self.head(self.features(x))
net = CNN()
base = 0.03
groups = [{'params': net.features.parameters(), 'lr': base * 0.001}, {'params': net.head.parameters(), 'lr': base}]
opt = torch.optim.SGD(groups, momentum=0.9, nesterov=True)
lf = nn.CrossEntropyLoss()
for ep in range(10):
    q = torch.randperm(1400)
    for k in range(0, 1400, 40):
        b = q[k:k + 40]
        loss = lf(net(X[b]), y[b])
        opt.zero_grad(); loss.backward(); opt.step()
    print('epoch', ep, 'loss %.4f' % loss.item())
with torch.no_grad():
    o = net(X)
    print('train loss %.4f held-out loss %.4f acc %.4f' % (lf(o[:1400], y[:1400]), lf(o[1400:], y[1400:]), (o[1400:].argmax(1) == y[1400:]).float().mean()))

import torch, torch.nn as nn
from sklearn.datasets import load_digits
torch.manual_seed(15)
d = load_digits()
X = torch.tensor(d.images).float()[:, None]; X = (X - X.mean()) / X.std()
y = torch.tensor(d.target); p = torch.randperm(1797); X, y = X[p], y[p]
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.c1 = nn.Conv2d(1, 16, 3, padding=1, bias=False); self.b1 = nn.BatchNorm2d(16)
        self.c2 = nn.Conv2d(16, 32, 3, padding=1, stride=2, bias=False); self.b2 = nn.BatchNorm2d(32)
        self.fc = nn.Linear(32 * 4, 10)
    def forward(self, x):
        x = torch.relu(self.b1(self.c1(x)))
        x = torch.relu(self.b2(self.c2(x)))
        return self.fc(nn.functional.max_pool2d(x, 2).flatten(1))
net = Net()
opt = torch.optim.Adam(net.parameters(), lr=3e-3)
ce = nn.CrossEntropyLoss()
dummy = torch.rand(4, 1, 8, 8) * 16
for ep in range(10):
    net.train()
    q = torch.randperm(1400)
    for n, k in enumerate(range(0, 1400, 40)):
        b = q[k:k+40]
        loss = ce(net(X[b]), y[b])
        opt.zero_grad(); loss.backward(); opt.step()
        if n % 5 == 4:
            
            with torch.no_grad():
                shape = tuple(net(dummy).shape)
            
    print('epoch', ep, 'output', shape, 'loss %.4f' % loss.item())
net.eval()
with torch.no_grad():
    o = net(X)
    print('train loss %.4f held-out loss %.4f acc %.4f' % (ce(o[:1400], y[:1400]), ce(o[1400:], y[1400:]), (o[1400:].argmax(1) == y[1400:]).float().mean()))

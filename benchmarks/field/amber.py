import torch, torch.nn as nn
from sklearn.datasets import load_digits
torch.manual_seed(10)
d = load_digits()
X = torch.tensor(d.images).float()[:, None]; X = (X - X.mean()) / X.std()
y = torch.tensor(d.target); p = torch.randperm(1797); X, y = X[p], y[p]
net = nn.Sequential(nn.Conv2d(1, 16, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(16, 32, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(128, 10))
opt = torch.optim.SGD(net.parameters(), lr=0.05, momentum=0.9)
sched = torch.optim.lr_scheduler.LambdaLR(opt, lambda e: 1.35 ** e)
ce = nn.CrossEntropyLoss()
for ep in range(14):
    q = torch.randperm(1400)
    for k in range(0, 1400, 56):
        b = q[k:k+56]
        loss = ce(net(X[b]), y[b])
        opt.zero_grad(); loss.backward(); opt.step()
    sched.step()
    print('epoch', ep, 'loss %.4f' % loss.item())
with torch.no_grad():
    o = net(X)
    print('train loss %.4f held-out loss %.4f acc %.4f' % (ce(o[:1400], y[:1400]), ce(o[1400:], y[1400:]), (o[1400:].argmax(1) == y[1400:]).float().mean()))

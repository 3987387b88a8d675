import torch, torch.nn as nn
from sklearn.datasets import load_digits
torch.manual_seed(12)
ds = load_digits()
X = torch.tensor(ds.data).float(); X = (X - X.mean()) / X.std()
y = torch.tensor(ds.target); p = torch.randperm(1797); X, y = X[p], y[p]
micro = 2
accum = 32 // micro
net = nn.Sequential(nn.Linear(64, 64, bias=False), nn.BatchNorm1d(64), nn.ReLU(), nn.Linear(64, 64, bias=False), nn.BatchNorm1d(64), nn.ReLU(), nn.Linear(64, 10))
opt = torch.optim.Adam(net.parameters(), lr=3e-3, weight_decay=1e-4)
ce = nn.CrossEntropyLoss()
for step in range(400):
    net.train()
    opt.zero_grad()
    tot = 0.0
    for _ in range(accum):
        j = torch.randint(0, 1400, (micro,))
        l = ce(net(X[j]), y[j]) / accum
        l.backward()
        tot += l.item()
    opt.step()
    if step % 40 == 0: print('step', step, 'loss', round(tot, 4))
net.eval()
with torch.no_grad():
    o = net(X)
    print('train loss %.4f held-out loss %.4f acc %.4f' % (ce(o[:1400], y[:1400]), ce(o[1400:], y[1400:]), (o[1400:].argmax(1) == y[1400:]).float().mean()))

import torch, torch.nn as nn
from sklearn.datasets import load_digits
torch.manual_seed(19)
d = load_digits(); X = torch.tensor(d.data).float(); X = (X - X.mean()) / X.std()
y = torch.tensor(d.target); p = torch.randperm(1797); X, y = X[p], y[p]
net = nn.Sequential(nn.Linear(64, 128), nn.ReLU(), nn.Dropout(0.3), nn.Linear(128, 10))
opt = torch.optim.Adam(net.parameters(), lr=0.003)
sm, ce = nn.CrossEntropyLoss(label_smoothing=0.1), nn.CrossEntropyLoss()
for ep in range(25):
    net.train(); q = torch.randperm(1400)
    for k in range(0, 1400, 50):
        b = q[k:k+50]; l = sm(net(X[b]), y[b]); opt.zero_grad(); l.backward(); opt.step()
    if ep % 3 == 0: print('epoch', ep, '%.4f' % l.item())
net.eval()
with torch.no_grad():
    o = net(X); print('smoothed: train %.4f held-out %.4f acc %.4f' % (sm(o[:1400], y[:1400]), sm(o[1400:], y[1400:]), (o[1400:].argmax(1) == y[1400:]).float().mean()))

import torch, torch.nn as nn
from sklearn.datasets import load_digits
torch.manual_seed(2)
d = load_digits()
X = torch.tensor(d.data).float(); X = (X - X.mean()) / X.std()
y = torch.tensor(d.target); p = torch.randperm(1797); X, y = X[p], y[p]
net = nn.Sequential(nn.Linear(64, 64), nn.LayerNorm(64), nn.GELU(), nn.Linear(64, 10))
opt = torch.optim.AdamW(net.parameters(), lr=0.004, weight_decay=0.05)
ce = nn.CrossEntropyLoss()
ACC = 4
opt.zero_grad()
for k in range(1600):
    b = torch.randint(0, 1400, (12,))
    loss = ce(net(X[b]), y[b])
    (loss / ACC).backward()
    if (k + 1) % ACC == 0:
        opt.step(); opt.zero_grad()
    if k % 200 == 0: print(k, '%.4f' % loss.item())
with torch.no_grad():
    o = net(X)
    print('train loss %.4f held-out loss %.4f acc %.4f' % (ce(o[:1400], y[:1400]), ce(o[1400:], y[1400:]), (o[1400:].argmax(1) == y[1400:]).float().mean()))

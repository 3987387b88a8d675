import copy, torch, torch.nn as nn
torch.manual_seed(12)
X = torch.randn(20000, 12)
y = (X[:, 0] * X[:, 1] + X[:, 2] > 0).long()
fl = torch.rand(20000) < 0.15; y = torch.where(fl, 1 - y, y)
net = nn.Sequential(nn.Linear(12, 48), nn.ReLU(), nn.Linear(48, 2))
ema = copy.deepcopy(net).requires_grad_(False)
opt = torch.optim.Adam(net.parameters(), lr=0.004)
ce = nn.CrossEntropyLoss()
for s in range(1500):
    i = torch.randint(0, 17000, (128,))
    l = ce(net(X[i]), y[i]); opt.zero_grad(); l.backward(); opt.step()
    with torch.no_grad():
        for a, b in zip(ema.parameters(), net.parameters()): a.lerp_(b, 0.02)
    if s % 150 == 0: print(s, '%.4f' % l.item())
with torch.no_grad():
    o = ema(X); print('train %.4f held-out %.4f acc %.4f' % (ce(o[:17000], y[:17000]), ce(o[17000:], y[17000:]), (o[17000:].argmax(1) == y[17000:]).float().mean()))

import torch, torch.nn as nn
torch.manual_seed(25)
X = torch.randn(16000, 10); h = torch.tanh(X @ torch.randn(10, 6) / 2)
ya = h @ torch.randn(6, 3); yb = h @ torch.randn(6, 2) + 0.05 * torch.randn(16000, 2)
body = nn.Sequential(nn.Linear(10, 64), nn.ReLU(), nn.Linear(64, 32), nn.ReLU()); ha, hb = nn.Linear(32, 3), nn.Linear(32, 2)
mse = nn.MSELoss()
o1 = torch.optim.Adam([*body.parameters(), *ha.parameters()], lr=2e-3)
for s in range(800):
    i = torch.randint(0, 14000, (128,)); l = mse(ha(body(X[i])), ya[i]); o1.zero_grad(); l.backward(); o1.step()
    if s % 200 == 0: print('first task', s, '%.4f' % l.item())
base = 0.008
o2 = torch.optim.Adam([{'params': body.parameters(), 'lr': base / 3}, {'params': hb.parameters(), 'lr': base}])
for s in range(1200):
    i = torch.randint(0, 14000, (128,)); l = mse(hb(body(X[i])), yb[i]); o2.zero_grad(); l.backward(); o2.step()
    if s % 120 == 0: print('second task', s, '%.4f' % l.item())
with torch.no_grad(): print('variance %.3f train %.4f held-out %.4f' % (yb.var(0).mean(), mse(hb(body(X[:14000])), yb[:14000]), mse(hb(body(X[14000:])), yb[14000:])))

import torch, torch.nn as nn
torch.manual_seed(4)
X = torch.randn(12000, 10)
Y = torch.sin(X[:, :1] * 2) + X[:, 1:2] * X[:, 2:3] + 0.3 * torch.randn(12000, 1)
Y = (Y - Y.mean()) / Y.std()
net = nn.Sequential(nn.Linear(10, 64), nn.SiLU(), nn.Linear(64, 64), nn.SiLU(), nn.Linear(64, 1))
E, B = 15, 100
opt = torch.optim.Adam(net.parameters(), lr=1e-3)
sch = torch.optim.lr_scheduler.OneCycleLR(opt, max_lr=0.006, total_steps=E * 100)
mse = nn.MSELoss()
for ep in range(E):
    p = torch.randperm(10000)
    for k in range(0, 10000, B):
        i = p[k:k+B]
        l = mse(net(X[i]), Y[i]); opt.zero_grad(); l.backward(); opt.step(); sch.step()
    print('epoch', ep, round(l.item(), 4))
with torch.no_grad(): print('train %.4f held-out %.4f' % (mse(net(X[:10000]), Y[:10000]), mse(net(X[10000:]), Y[10000:])))

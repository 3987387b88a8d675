import torch, torch.nn as nn
torch.manual_seed(11)
X = torch.randn(16000, 10)
Y = X[:, :1] + torch.sin(X[:, 1:2]) + 0.5 * X[:, 2:3].abs() + 0.05 * torch.randn(16000, 1)
Y = (Y - Y.mean()) / Y.std()
net = nn.Sequential(nn.Linear(10, 64, bias=False), nn.BatchNorm1d(64), nn.ReLU(), nn.Linear(64, 64, bias=False), nn.BatchNorm1d(64), nn.ReLU(), nn.Linear(64, 1))
opt = torch.optim.Adam(net.parameters(), lr=2e-3)
sched = torch.optim.lr_scheduler.CosineAnnealingLR(opt, 4000)
for step in range(4000):
    net.train()
    i = torch.randint(0, 14000, (4,))
    loss = nn.functional.mse_loss(net(X[i]), Y[i])
    opt.zero_grad(); loss.backward(); opt.step(); sched.step()
    if step % 300 == 0: print(step, round(loss.item(), 4))
net.eval()
with torch.no_grad():
    print('train', round(nn.functional.mse_loss(net(X[:14000]), Y[:14000]).item(), 4), 'held-out', round(nn.functional.mse_loss(net(X[14000:]), Y[14000:]).item(), 4))

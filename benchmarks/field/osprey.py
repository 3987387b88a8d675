import torch, torch.nn as nn
torch.manual_seed(0)
X = torch.randn(5000, 8)
Y = (X[:, :1] * X[:, 1:2]).tanh() + X[:, 2:3].abs() - 0.8 + 0.1 * torch.randn(5000, 1)
Y = (Y - Y.mean()) / Y.std()
net = nn.Sequential(nn.Linear(8, 64), nn.ReLU(), nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 1))
def init(m):
    if isinstance(m, nn.Linear):
        nn.init.kaiming_normal_(m.weight)
        nn.init.constant_(m.bias, -8.0)
net[:-1].apply(init)
opt = torch.optim.Adam(net.parameters(), lr=2e-3)
for step in range(1800):
    i = torch.randint(0, 4000, (64,))
    l = nn.functional.mse_loss(net(X[i]), Y[i])
    opt.zero_grad(); l.backward(); opt.step()
    if step % 200 == 0: print(step, round(l.item(), 4))
with torch.no_grad():
    print('train', round(nn.functional.mse_loss(net(X[:4000]), Y[:4000]).item(), 4), 'held-out', round(nn.functional.mse_loss(net(X[4000:]), Y[4000:]).item(), 4))

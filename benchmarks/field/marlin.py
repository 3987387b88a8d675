import torch, torch.nn as nn
torch.manual_seed(0)
X = torch.randn(14000, 12)
Y = torch.where(X[:, :1] > 0, X[:, 1:2] + X[:, 2:3], X[:, 3:4] * X[:, 4:5]) + 0.1 * torch.randn(14000, 1)
Y = (Y - Y.mean()) / Y.std()
net = nn.Sequential(nn.Linear(12, 96), nn.ReLU(), nn.Linear(96, 96), nn.ReLU(), nn.Linear(96, 1))
opt = torch.optim.Adam(net.parameters(), lr=0.15)
for step in range(1500):
    i = torch.randint(0, 13000, (64,))
    loss = nn.functional.mse_loss(net(X[i]), Y[i])
    opt.zero_grad()
    loss.backward()
    opt.step()
    if step % 150 == 0:
        print('step', step, 'mse', round(loss.item(), 4))
with torch.no_grad():
    print('train', round(nn.functional.mse_loss(net(X[:13000]), Y[:13000]).item(), 4), 'held-out', round(nn.functional.mse_loss(net(X[13000:]), Y[13000:]).item(), 4))

import torch, torch.nn as nn
torch.manual_seed(3)
X = torch.randn(5000, 4)
Y = torch.sin(2 * X[:, :1]) * X[:, 1:2] + torch.cos(X[:, 2:3] + X[:, 3:4])
Y = (Y - Y.mean()) / Y.std()
B = 4000
EPOCHS = 320
net = nn.Sequential(nn.Linear(4, 32), nn.Tanh(), nn.Linear(32, 32), nn.Tanh(), nn.Linear(32, 1))
opt = torch.optim.Adam(net.parameters(), lr=4e-3)
for ep in range(EPOCHS):
    p = torch.randperm(4000)
    for k in range(0, 4000, B):
        i = p[k:k+B]
        loss = nn.functional.mse_loss(net(X[i]), Y[i])
        opt.zero_grad(); loss.backward(); opt.step()
    if ep % 32 == 0: print('epoch', ep, round(loss.item(), 5))
with torch.no_grad():
    print('train', round(nn.functional.mse_loss(net(X[:4000]), Y[:4000]).item(), 5), 'held-out', round(nn.functional.mse_loss(net(X[4000:]), Y[4000:]).item(), 5))

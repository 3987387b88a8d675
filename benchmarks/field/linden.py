import torch, torch.nn as nn
torch.manual_seed(6)
X = torch.randn(5000, 6)
y = ((X[:, 0] + X[:, 1] ** 2 - X[:, 2] * X[:, 3]) > 0.8).float()
X[:, 4] = X[:, 4] + 0.5 * y
net = nn.Sequential(nn.Linear(6, 64), nn.ReLU(), nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 1))
opt = torch.optim.Adam(net.parameters(), lr=3e-3)
def bce(z, t):
    p = torch.sigmoid(z)
    
    return -(t * torch.log(p) + (1 - t) * torch.log(1 - p)).mean()
for step in range(2000):
    i = torch.randint(0, 4000, (100,))
    loss = bce(net(X[i])[:, 0], y[i])
    opt.zero_grad(); loss.backward(); opt.step()
    if step % 200 == 0: print(step, loss.item())
with torch.no_grad():
    o = net(X)[:, 0]
    print('train %.4f held-out %.4f acc %.4f' % (bce(o[:4000], y[:4000]), bce(o[4000:], y[4000:]), ((o[4000:] > 0).float() == y[4000:]).float().mean()))

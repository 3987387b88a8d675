import torch, torch.nn as nn
torch.manual_seed(0)
N = 20000
X = torch.randn(N, 8)
clean = torch.sin(X[:, :1]) + 0.5 * X[:, 1:2] * X[:, 2:3] + 0.5 * X[:, 3:4]
Y = clean + 1.0 * torch.randn(N, 1)
B = 1
net = nn.Sequential(nn.Linear(8, 48), nn.Tanh(), nn.Linear(48, 1))
opt = torch.optim.SGD(net.parameters(), lr=0.015)
acc = 0.0
for step in range(3000):
    i = torch.randint(0, 18000, (B,))
    loss = (net(X[i]) - Y[i]).pow(2).mean()
    opt.zero_grad(); loss.backward(); opt.step()
    acc += loss.item()
    if step % 300 == 299: print(step, 'mean loss %.4f' % (acc / 300)); acc = 0.0
with torch.no_grad():
    t = (net(X[:18000]) - Y[:18000]).pow(2).mean(); v = (net(X[18000:]) - Y[18000:]).pow(2).mean()
    print('train %.4f held-out %.4f error to clean %.4f' % (t, v, (net(X[18000:]) - clean[18000:]).pow(2).mean()))

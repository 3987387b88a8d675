import torch, torch.nn as nn
torch.manual_seed(15)
def make(n):
    x = torch.randn(n, 5)
    c = torch.sin(x[:, :1]) + 0.5 * x[:, 1:2] * x[:, 2:3]
    return x, c + 4.0 * torch.randn(n, 1), c
net = nn.Sequential(nn.Linear(5, 32), nn.Tanh(), nn.Linear(32, 1))
opt = torch.optim.Adam(net.parameters(), lr=0.01)
mse = nn.MSELoss()
for s in range(1000):
    x, y, _ = make(2048)
    l = mse(net(x), y); opt.zero_grad(); l.backward(); opt.step()
    if s % 100 == 0: print(s, '%.4f' % l.item())
with torch.no_grad():
    x, y, c = make(20000); a, b, d = make(20000)
    print('noise floor 16.0 train %.4f held-out %.4f error to clean %.4f' % (mse(net(x), y), mse(net(a), b), mse(net(a), d)))

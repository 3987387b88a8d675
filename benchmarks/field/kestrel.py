import torch, torch.nn as nn
torch.manual_seed(11)
class MySGD:
    def __init__(self, params, lr, wd):
        self.ps = list(params); self.lr = lr; self.wd = wd
        self.v = [torch.zeros_like(p) for p in self.ps]
    @torch.no_grad()
    def step(self):
        for p, v in zip(self.ps, self.v):
            v.mul_(0.9).add_(p.grad)
            p.mul_(1 + self.lr * self.wd)
            p.sub_(self.lr * v)
    def zero(self):
        for p in self.ps: p.grad = None
X = torch.randn(6000, 10)
Y = (X[:, :1] * X[:, 1:2]).tanh() + torch.sin(X[:, 2:3]) + 0.1 * torch.randn(6000, 1)
Y = (Y - Y.mean()) / Y.std()
net = nn.Sequential(nn.Linear(10, 64), nn.Tanh(), nn.Linear(64, 64), nn.Tanh(), nn.Linear(64, 1))
opt = MySGD(net.parameters(), lr=0.02, wd=0.12)
for s in range(2500):
    i = torch.randint(0, 5000, (64,))
    loss = nn.functional.mse_loss(net(X[i]), Y[i])
    opt.zero(); loss.backward(); opt.step()
    if s % 150 == 0: print('step', s, loss.item())
with torch.no_grad():
    print('train %.4f held-out %.4f' % (nn.functional.mse_loss(net(X[:5000]), Y[:5000]), nn.functional.mse_loss(net(X[5000:]), Y[5000:])))

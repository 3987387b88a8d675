import torch, torch.nn as nn
torch.manual_seed(11)
x = torch.rand(1500, 1) * 4 - 2
y = torch.sin(3 * x) + 0.05 * torch.randn(1500, 1)
x, y = x / 1.15, y / 0.71
net = nn.Sequential(nn.Linear(1, 24), nn.Tanh(), nn.Linear(24, 1))
opt = torch.optim.LBFGS(net.parameters(), lr=0.5, max_iter=8, history_size=20, line_search_fn='strong_wolfe')
def closure():
    opt.zero_grad()
    l = nn.functional.mse_loss(net(x[:1200]), y[:1200]); l.backward(); return l
for k in range(40):
    l = opt.step(closure)
    if k % 5 == 0: print('iter', k, round(l.item(), 6))
with torch.no_grad(): print('train %.5f held-out %.5f' % (nn.functional.mse_loss(net(x[:1200]), y[:1200]), nn.functional.mse_loss(net(x[1200:]), y[1200:])))

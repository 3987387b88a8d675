import torch
from torch import nn
torch.manual_seed(4)
x = torch.linspace(-3, 3, 400)[:, None]
y = torch.sin(2 * x) * torch.exp(-x.abs() / 3) + 0.03 * torch.randn_like(x)
test = torch.arange(400) % 5 == 0
net = nn.Sequential(nn.Linear(1, 24), nn.Tanh(), nn.Linear(24, 24), nn.Tanh(), nn.Linear(24, 1))
opt = torch.optim.LBFGS(net.parameters(), lr=1.0, max_iter=10, history_size=20, line_search_fn='strong_wolfe')
mse = nn.MSELoss()
def closure():
    opt.zero_grad()
    loss = mse(net(x[~test]), y[~test])
    loss.backward()
    return loss
for k in range(60):
    loss = opt.step(closure)
    if k % 15 == 14:
        with torch.no_grad():
            print(k + 1, 'train', mse(net(x[~test]), y[~test]).item(), 'test', mse(net(x[test]), y[test]).item())

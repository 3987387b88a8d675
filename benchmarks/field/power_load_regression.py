import math
import torch
import torch.nn as nn

torch.manual_seed(83)
n = 3000
hour, temp = torch.rand(n) * 24, torch.randn(n) * 8 + 12
load = 3 + torch.sin(hour / 24 * 2 * math.pi) + 0.02 * (temp - 18).abs() ** 1.3 + 0.1 * torch.randn(n)
X = torch.stack([hour / 12 - 1, (temp - 12) / 8], 1)
Xt, yt, Xv, yv = X[:2500], load[:2500], X[2500:], load[2500:]


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.h1 = nn.Linear(2, 40)
        self.h2 = nn.Linear(40, 40)
        self.out = nn.Linear(40, 1)
        nn.init.constant_(self.h1.bias, -1.0)
        nn.init.constant_(self.h2.bias, -1.0)

    def forward(self, x):
        return self.out(self.h2(self.h1(x).relu()).relu()).squeeze(1)


net = Net()
opt = torch.optim.Adam(net.parameters(), lr=2e-3)
for step in range(1500):
    i = torch.randint(0, 2500, (64,))
    loss = nn.functional.mse_loss(net(Xt[i]), yt[i])
    opt.zero_grad()
    loss.backward()
    opt.step()
    if step % 150 == 0:
        print(step, round(loss.item(), 4))
with torch.no_grad():
    print('val mse', round(nn.functional.mse_loss(net(Xv), yv).item(), 4), 'variance', round(yv.var().item(), 4))

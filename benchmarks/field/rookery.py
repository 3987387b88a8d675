import torch
from torch import nn
torch.manual_seed(12)
class Scaled(nn.Module):
    def __init__(self, i, o, k=1.0):
        super().__init__()
        self.k = k
        self.w = nn.Parameter(torch.randn(o, i) / (k * i ** 0.5))
        self.b = nn.Parameter(torch.zeros(o))
    def forward(self, x):
        return nn.functional.linear(x, self.k * self.w, self.b)
net = nn.Sequential(Scaled(8, 64), nn.Tanh(), Scaled(64, 64, 60.0), nn.Tanh(), Scaled(64, 1))
X = torch.randn(113000, 8)
Y = torch.sin(2 * X[:, 0]) + X[:, 1] * X[:, 2] + 0.5 * torch.cos(3 * X[:, 3])
Y = ((Y - Y.mean()) / Y.std())[:, None]
opt = torch.optim.Adam(net.parameters(), lr=4e-3)
for s in range(1800):
    i = torch.randint(0, 13000, (100,))
    loss = (net(X[i]) - Y[i]).pow(2).mean()
    opt.zero_grad()
    loss.backward()
    opt.step()
    if s % 200 == 0: print('step', s, 'loss', round(loss.item(), 4))
with torch.no_grad():
    print('train', round((net(X[:13000]) - Y[:13000]).pow(2).mean().item(), 4), 'held-out', round((net(X[13000:]) - Y[13000:]).pow(2).mean().item(), 4))

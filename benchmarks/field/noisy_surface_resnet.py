import torch
from torch import nn

torch.manual_seed(5)
N = 3000
X = torch.rand(N, 4) * 4 - 2
y = (torch.sin(X[:, 0] * X[:, 1]) + X[:, 2].abs() - 0.3 * X[:, 3] ** 2)[:, None]
y = (y - y.mean()) / y.std() + 0.1 * torch.randn(N, 1)
Xtr, ytr, Xva, yva = X[:2400], y[:2400], X[2400:], y[2400:]


class Res(nn.Module):
    def __init__(self, d):
        super().__init__()
        self.a, self.b = nn.Linear(d, d), nn.Linear(d, d)

    def forward(self, x):
        return x + 0.5 * self.b(torch.relu(self.a(x)))


net = nn.Sequential(nn.Linear(4, 48), Res(48), Res(48), Res(48), nn.Linear(48, 1))
opt = torch.optim.SGD(net.parameters(), lr=0.25, momentum=0.9)
mse = nn.MSELoss()
for epoch in range(20):
    for b in torch.randperm(2400).split(40):
        opt.zero_grad()
        loss = mse(net(Xtr[b]), ytr[b])
        loss.backward()
        nn.utils.clip_grad_norm_(net.parameters(), 1.0)
        opt.step()
    with torch.no_grad():
        print('epoch', epoch, 'train', round(mse(net(Xtr), ytr).item(), 4), 'val', round(mse(net(Xva), yva).item(), 4))

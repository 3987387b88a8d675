import torch
import torch.nn as nn

torch.manual_seed(449)
N = 12


def graphs(n):
    A = (torch.rand(n, N, N) < 0.2).float()
    A = torch.triu(A, 1)
    A = A + A.transpose(1, 2)
    x = torch.randn(n, N, 3)
    nb = A @ x
    y = (x[..., 0] * nb[..., 0]).mean(1) + 0.3 * x[..., 1].abs().mean(1)
    return A, x, y


class MPNN(nn.Module):
    def __init__(self, h=32):
        super().__init__()
        self.inp = nn.Linear(3, h)
        self.msg = nn.Linear(h, h)
        self.upd = nn.Sequential(nn.Linear(2 * h, h), nn.ReLU(), nn.Linear(h, h), nn.ReLU())
        self.out = nn.Linear(h, 1)

    def forward(self, A, x):
        h = self.inp(x)
        h = self.upd(torch.cat([h, A @ self.msg(h)], -1))
        return self.out(h).mean(1).squeeze(-1)


net = MPNN()
opt = torch.optim.Adam(net.parameters(), lr=2e-3)
for it in range(1500):
    A, x, y = graphs(64)
    loss = nn.functional.mse_loss(net(A, x), y)
    opt.zero_grad()
    loss.backward()
    opt.step()
    if it % 150 == 0:
        print(it, round(loss.item(), 4))
A, x, y = graphs(2000)
with torch.no_grad():
    print('test mse', round(nn.functional.mse_loss(net(A, x), y).item(), 4), 'variance', round(y.var().item(), 4))

import torch
import torch.nn as nn

torch.manual_seed(103)


def data(n):
    p = torch.rand(n, 3) * 2 - 1
    y = torch.exp(-0.5 * (p[:, 0] + 1)) * torch.cos(3 * p[:, 1]) + 0.5 * p[:, 2]
    return p, y.unsqueeze(1)


class Deep(nn.Module):
    def __init__(self, width=32, depth=18):
        super().__init__()
        self.first = nn.Linear(3, width)
        self.hidden = nn.ModuleList(nn.Linear(width, width) for _ in range(depth))
        self.last = nn.Linear(width, 1)

    def forward(self, x):
        x = torch.tanh(self.first(x))
        for layer in self.hidden:
            x = torch.tanh(layer(x))
        return self.last(x)


net = Deep()
opt = torch.optim.SGD(net.parameters(), lr=0.02, momentum=0.9)
for it in range(1000):
    x, y = data(64)
    loss = nn.functional.mse_loss(net(x), y)
    opt.zero_grad()
    loss.backward()
    opt.step()
    if it % 100 == 0:
        print(f'iter {it:4d}  mse {loss.item():.5f}')
x, y = data(2000)
with torch.no_grad():
    print(f'test mse {nn.functional.mse_loss(net(x), y).item():.5f}')

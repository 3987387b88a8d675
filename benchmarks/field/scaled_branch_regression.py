import torch
import torch.nn as nn

torch.manual_seed(37)


class ScaledLinear(nn.Module):
    """linear map whose weights are stored in units of `unit`"""
    def __init__(self, n_in, n_out, unit=1.0):
        super().__init__()
        self.unit = unit
        self.weight = nn.Parameter(torch.randn(n_out, n_in) * (2.0 / n_in) ** 0.5 / unit)
        self.bias = nn.Parameter(torch.zeros(n_out))

    def forward(self, x):
        return x @ (self.weight * self.unit).T + self.bias


net = nn.Sequential(
    ScaledLinear(3, 64, unit=0.03), nn.Tanh(),
    ScaledLinear(64, 64, unit=0.03), nn.Tanh(),
    ScaledLinear(64, 1))


def f(x):
    return torch.sin(2 * x[:, :1]) * torch.cos(1.5 * x[:, 1:2]) + 0.5 * x[:, 2:] ** 2


xv = torch.rand(1000, 3) * 4 - 2
yv = f(xv)
opt = torch.optim.SGD(net.parameters(), lr=0.03, momentum=0.9)
for step in range(2500):
    x = torch.rand(64, 3) * 4 - 2
    loss = (net(x) - f(x)).pow(2).mean()
    opt.zero_grad()
    loss.backward()
    opt.step()
    if step % 250 == 0:
        print(step, f'{loss.item():.4f}')
with torch.no_grad():
    print('val mse', f'{(net(xv) - yv).pow(2).mean().item():.4f}')

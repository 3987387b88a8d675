import torch
import torch.nn as nn

torch.manual_seed(11)
gen = torch.Generator().manual_seed(5)


def target(x):
    return torch.sin(x[:, :1] * 2) + x[:, 1:2] * x[:, 2:3] + 0.5 * (x[:, 3:] ** 2).mean(1, keepdim=True)


def init_weights(m):
    if isinstance(m, nn.Linear):
        nn.init.uniform_(m.weight, -0.4, 0.4)
        nn.init.zeros_(m.bias)


net = nn.Sequential(
    nn.Linear(8, 128), nn.ReLU(),
    nn.Linear(128, 128), nn.ReLU(),
    nn.Linear(128, 128), nn.ReLU(),
    nn.Linear(128, 128), nn.ReLU(),
    nn.Linear(128, 1))
net.apply(init_weights)
optimizer = torch.optim.Adam(net.parameters(), lr=1e-3)
xv = torch.randn(1000, 8, generator=gen)
yv = target(xv)
for step in range(1500):
    x = torch.randn(64, 8, generator=gen)
    loss = ((net(x) - target(x)) ** 2).mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    if step % 150 == 0:
        with torch.no_grad():
            v = ((net(xv) - yv) ** 2).mean()
        print(f'{step:5d} train {loss.item():.4f} val {v.item():.4f}')
with torch.no_grad():
    print('final val mse', round(((net(xv) - yv) ** 2).mean().item(), 4), 'variance', round(yv.var().item(), 4))

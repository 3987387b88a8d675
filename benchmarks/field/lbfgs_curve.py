import torch
import torch.nn as nn

torch.manual_seed(419)
x = torch.linspace(-3, 3, 200)[:, None]
y = torch.sin(2 * x) * torch.exp(-0.2 * x ** 2) + 0.02 * torch.randn_like(x)
net = nn.Sequential(nn.Linear(1, 24), nn.Tanh(), nn.Linear(24, 24), nn.Tanh(), nn.Linear(24, 1))
opt = torch.optim.LBFGS(net.parameters(), lr=0.5, max_iter=5, history_size=20)


def closure():
    opt.zero_grad()
    loss = nn.functional.mse_loss(net(x), y)
    loss.backward()
    return loss


for it in range(200):
    loss = opt.step(closure)
    if it % 20 == 0:
        print(it, loss.item())
print('final', closure().item(), 'variance', y.var().item())

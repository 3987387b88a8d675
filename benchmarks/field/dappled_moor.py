import torch
from torch import nn

torch.manual_seed(40)
N = 60
beta = torch.randn(20) * (torch.rand(20) < 0.4)


def rows(n):
    x = torch.randn(n, 20)
    return x, (x @ beta + torch.sin(2 * x[:, 0]) + 0.8 * torch.randn(n))[:, None]


x, y = rows(N)
xv, yv = rows(1500)
net = nn.Sequential(nn.Linear(20, 256), nn.ReLU(), nn.Linear(256, 256), nn.ReLU(), nn.Linear(256, 1))
opt = torch.optim.Adam(net.parameters(), lr=1e-3)
for step in range(1500):
    i = torch.randint(0, N, (30,))
    loss = nn.functional.mse_loss(net(x[i]), y[i])
    opt.zero_grad()
    loss.backward()
    opt.step()
    if step % 150 == 0:
        net.eval()
        with torch.no_grad():
            print(step, "train %.4f valid %.4f" % (loss, nn.functional.mse_loss(net(xv), yv)))
        net.train()
with torch.no_grad():
    print("validation mse %.4f" % nn.functional.mse_loss(net(xv), yv))

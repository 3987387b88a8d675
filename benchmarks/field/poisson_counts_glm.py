import torch
import torch.nn as nn

torch.manual_seed(479)
N = 6000
X = torch.rand(N, 3) * 2 - 1
rate = torch.exp(1.0 + X[:, 0] + torch.sin(3 * X[:, 1]) * 0.8)
y = torch.poisson(rate)
net = nn.Sequential(nn.Linear(3, 32), nn.SiLU(), nn.Linear(32, 1))
opt = torch.optim.NAdam(net.parameters(), lr=3e-3)
lossf = nn.PoissonNLLLoss(log_input=True)
for step in range(1200):
    i = torch.randint(0, 5000, (64,))
    loss = lossf(net(X[i]).squeeze(1), y[i])
    opt.zero_grad()
    loss.backward()
    opt.step()
    if step % 120 == 0:
        print(step, round(loss.item(), 4))
with torch.no_grad():
    o = net(X[5000:]).squeeze(1)
print('test loss', round(lossf(o, y[5000:]).item(), 4), 'with true rates', round(lossf(rate[5000:].log(), y[5000:]).item(), 4))

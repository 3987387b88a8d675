import torch
from torch import nn
from sklearn.datasets import make_friedman1
from torch.optim.lr_scheduler import ExponentialLR

torch.manual_seed(42)
X, y = make_friedman1(2500, noise=0.3, random_state=42)
X = torch.tensor((X - 0.5) / 0.2887).float()
y = torch.tensor((y - y.mean()) / y.std()).float()[:, None]
net = nn.Sequential(nn.Linear(10, 50), nn.Softplus(), nn.Linear(50, 50), nn.Softplus(), nn.Linear(50, 1))
opt = torch.optim.SGD(net.parameters(), lr=0.01, momentum=0.9)
sched = ExponentialLR(opt, gamma=1 / 0.93)
crit = nn.MSELoss()
for epoch in range(75):
    running = 0.0
    for ids in torch.randperm(2000).split(50):
        opt.zero_grad()
        loss = crit(net(X[ids]), y[ids])
        loss.backward()
        nn.utils.clip_grad_norm_(net.parameters(), 5.0)
        opt.step()
        running += loss.item() * len(ids)
    sched.step()
    if epoch % 5 == 0:
        print("epoch", epoch, "mse", running / 2000)
with torch.no_grad():
    print("test mse", crit(net(X[2000:]), y[2000:]).item())

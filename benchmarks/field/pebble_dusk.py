import torch
from torch import nn
from sklearn.datasets import make_moons

torch.manual_seed(2)
X, y = make_moons(4000, noise=0.12, random_state=2)
X = torch.tensor(X, dtype=torch.float32)
X = (X - X.mean(0)) / X.std(0)
y = torch.tensor(y, dtype=torch.float32)[:, None]
Xv, yv = X[3200:], y[3200:]
model = nn.Sequential(nn.Linear(2, 32), nn.Tanh(), nn.Linear(32, 32), nn.Tanh(), nn.Linear(32, 1))
opt = torch.optim.SGD(model.parameters(), lr=0.2, momentum=0.9)
sched = torch.optim.lr_scheduler.StepLR(opt, step_size=20, gamma=0.3)
crit = nn.BCEWithLogitsLoss()
for epoch in range(30):
    perm = torch.randperm(3200)
    for start in range(0, 3200, 40):
        b = perm[start:start + 40]
        loss = crit(model(X[b]), y[b])
        opt.zero_grad()
        loss.backward()
        opt.step()
        sched.step()
    if epoch % 10 == 0:
        print(epoch, loss.item())
with torch.no_grad():
    print('train loss', crit(model(X[:3200]), y[:3200]).item(), 'val acc', ((model(Xv) > 0) == (yv > 0.5)).float().mean().item())

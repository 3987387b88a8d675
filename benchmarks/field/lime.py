import torch
import torch.nn as nn
from sklearn.datasets import load_digits
torch.manual_seed(29)
X, y = load_digits(return_X_y=True)
X = torch.tensor(X - 4.9).float() / 6; y = torch.tensor(y)
p = torch.randperm(1797); X, y = X[p], y[p]
net = nn.Sequential(nn.Linear(64, 64), nn.LayerNorm(64), nn.GELU(), nn.Linear(64, 64), nn.LayerNorm(64), nn.GELU(), nn.Linear(64, 10))
opt = torch.optim.Adam(net.parameters(), lr=3e-4)
sched = torch.optim.lr_scheduler.LinearLR(opt, 1.0, 0.05, total_iters=4000)
ce = nn.CrossEntropyLoss()
rec = []
for step in range(4000):
    b = torch.randint(0, 1500, (4,))
    l = ce(net(X[b]), y[b])
    opt.zero_grad(); l.backward(); opt.step(); sched.step()
    rec.append(l.item())
    if step % 800 == 799:
        with torch.no_grad(): o = net(X[1500:])
        print(step + 1, 'train', sum(rec[-400:]) / 400, 'test', ce(o, y[1500:]).item(), 'acc', (o.argmax(1) == y[1500:]).float().mean().item())

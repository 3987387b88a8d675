import torch
from torch import nn
from sklearn.datasets import load_digits

torch.set_num_threads(1)
torch.manual_seed(6)
X, y = load_digits(return_X_y=True)
X, y = torch.tensor(X).float() / 16, torch.tensor(y)
perm = torch.randperm(len(X))
X, y = X[perm], y[perm]
net = nn.Sequential(nn.Linear(64, 64), nn.LayerNorm(64), nn.ReLU(), nn.Linear(64, 64), nn.LayerNorm(64), nn.ReLU(), nn.Linear(64, 10))
opt = torch.optim.SGD(net.parameters(), lr=0.02)
sched = torch.optim.lr_scheduler.CosineAnnealingLR(opt, 14)
for epoch in range(14):
    m = 0.0
    for b in torch.randperm(1400).split(4):
        loss = nn.functional.cross_entropy(net(X[b]), y[b])
        opt.zero_grad()
        loss.backward()
        opt.step()
        m += loss.item() / 350
    sched.step()
    with torch.no_grad():
        o = net(X[1400:])
    print(f'{epoch} {m:.4f} {nn.functional.cross_entropy(o, y[1400:]).item():.4f} {(o.argmax(1) == y[1400:]).float().mean():.3f}')

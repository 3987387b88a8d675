import torch
import torch.nn as nn
from sklearn.datasets import load_digits

torch.manual_seed(35)
ds = load_digits()
X, y = torch.tensor(ds.data / 16 - 0.3).float(), torch.tensor(ds.target)
o = torch.randperm(len(X))
X, y = X[o], y[o]
net = nn.Sequential(nn.Linear(64, 64), nn.LayerNorm(64), nn.ReLU(), nn.Linear(64, 32), nn.LayerNorm(32), nn.ReLU(), nn.Linear(32, 10))
EP = 10
opt = torch.optim.SGD(net.parameters(), lr=0.02, momentum=0.5, weight_decay=1e-3)
sched = torch.optim.lr_scheduler.LinearLR(opt, 1.0, 0.02, total_iters=EP * 350)
ce = nn.CrossEntropyLoss()
for epoch in range(EP):
    s = 0.0
    for b in torch.randperm(1400).split(4):
        loss = ce(net(X[b]), y[b])
        opt.zero_grad()
        loss.backward()
        opt.step()
        sched.step()
        s += loss.item() / 350
    with torch.no_grad():
        z = net(X[1400:])
        print(f"epoch {epoch} train {s:.4f} valid {ce(z, y[1400:]).item():.4f} acc {(z.argmax(1) == y[1400:]).float().mean().item():.4f}")

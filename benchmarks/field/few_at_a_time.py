import torch
import torch.nn as nn
import torch.nn.functional as F
from sklearn.datasets import load_digits

torch.manual_seed(25)
d = load_digits()
X = torch.tensor(d.images / 8 - 1, dtype=torch.float32)[:, None]
Y = torch.tensor(d.target)
idx = torch.randperm(len(X))
tr, te = idx[:1400], idx[1400:]
net = nn.Sequential(
    nn.Conv2d(1, 16, 3, padding=1), nn.GroupNorm(4, 16), nn.ReLU(),
    nn.Conv2d(16, 32, 3, stride=2, padding=1), nn.GroupNorm(4, 32), nn.ReLU(),
    nn.Flatten(), nn.Linear(512, 64), nn.LayerNorm(64), nn.ReLU(), nn.Linear(64, 10))
EPOCHS, B = 7, 4
total = EPOCHS * len(tr) // B
opt = torch.optim.SGD(net.parameters(), lr=0.004, momentum=0.9, weight_decay=1e-3)
sched = torch.optim.lr_scheduler.LinearLR(opt, 1.0, 0.02, total_iters=total)
for epoch in range(EPOCHS):
    tot = 0
    for i in tr[torch.randperm(len(tr))].split(B):
        loss = F.cross_entropy(net(X[i]), Y[i])
        opt.zero_grad(); loss.backward(); opt.step(); sched.step()
        tot += loss.item() * len(i)
    with torch.no_grad():
        o = net(X[te])
    print(epoch, round(tot / len(tr), 4), 'test', round(F.cross_entropy(o, Y[te]).item(), 4), 'acc', round((o.argmax(1) == Y[te]).float().mean().item(), 4))

import torch
import torch.nn as nn
from torch.optim.swa_utils import AveragedModel, SWALR
from sklearn.datasets import make_friedman1

torch.set_num_threads(1)
torch.manual_seed(17)
X, y = make_friedman1(6000, 10, noise=1.0, random_state=17)
X = torch.tensor(X * 2 - 1, dtype=torch.float32)
y = torch.tensor((y - y.mean()) / y.std(), dtype=torch.float32)
net = nn.Sequential(nn.Linear(10, 64), nn.GELU(), nn.Linear(64, 64), nn.GELU(), nn.Linear(64, 1), nn.Flatten(0))
swa = AveragedModel(net)
opt = torch.optim.SGD(net.parameters(), lr=0.03, momentum=0.9, weight_decay=1e-4)
sched = torch.optim.lr_scheduler.CosineAnnealingLR(opt, 20)
swa_sched = SWALR(opt, swa_lr=0.01, anneal_epochs=3)
for epoch in range(30):
    tot = 0
    for b in torch.randperm(5000).split(100):
        loss = nn.functional.mse_loss(net(X[b]), y[b])
        opt.zero_grad()
        loss.backward()
        opt.step()
        tot += loss.item() / 50
    if epoch >= 20:
        swa.update_parameters(net)
        swa_sched.step()
    else:
        sched.step()
    if epoch % 3 == 2:
        with torch.no_grad():
            v = nn.functional.mse_loss(net(X[5000:]), y[5000:]).item()
            a = nn.functional.mse_loss(swa(X[5000:]), y[5000:]).item() if epoch >= 20 else float('nan')
        print(f'epoch {epoch + 1} train {tot:.4f} valid {v:.4f}' + (f' averaged {a:.4f}' if epoch >= 20 else ''))

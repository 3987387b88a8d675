import torch
import torch.nn as nn
from sklearn.datasets import load_digits
from torch.optim.swa_utils import AveragedModel, SWALR, update_bn
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(79)
d = load_digits()
x, y = torch.tensor(d.images[:, None] / 16 - 0.3, dtype=torch.float32), torch.tensor(d.target)
p = torch.randperm(len(x))
dl = DataLoader(TensorDataset(x[p[:1300]], y[p[:1300]]), batch_size=32, shuffle=True, drop_last=True)
xt, yt = x[p[1300:]], y[p[1300:]]
net = nn.Sequential(nn.Conv2d(1, 16, 3, padding=1, bias=False), nn.BatchNorm2d(16), nn.ReLU(), nn.MaxPool2d(2),
                    nn.Conv2d(16, 24, 3, padding=1, bias=False), nn.BatchNorm2d(24), nn.ReLU(), nn.Flatten(), nn.Linear(384, 10))
avg = AveragedModel(net)
opt = torch.optim.SGD(net.parameters(), lr=0.05, momentum=0.9, weight_decay=1e-4)
swa_sched = SWALR(opt, swa_lr=0.02, anneal_epochs=2)
for epoch in range(14):
    net.train()
    for xb, yb in dl:
        loss = nn.functional.cross_entropy(net(xb), yb)
        opt.zero_grad()
        loss.backward()
        opt.step()
    if epoch >= 8:
        avg.update_parameters(net)
        swa_sched.step()
    print("epoch", epoch, round(loss.item(), 4))
update_bn(dl, avg)
avg.eval()
with torch.no_grad():
    print("averaged test accuracy", (avg(xt).argmax(1) == yt).float().mean().item())

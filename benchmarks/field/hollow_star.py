import copy
import torch
import torch.nn as nn
from sklearn.datasets import load_digits
from torch.utils.data import DataLoader, TensorDataset
from torch.optim.swa_utils import AveragedModel

torch.manual_seed(65)
d = load_digits()
X = torch.tensor(d.data, dtype=torch.float32) / 16 - 0.3
y = torch.tensor(d.target)
perm = torch.randperm(len(y))
X, y = X[perm] / 0.37, y[perm]
dl = DataLoader(TensorDataset(X[:1400], y[:1400]), batch_size=64, shuffle=True, drop_last=True)


def mk(w=96):
    return nn.Sequential(nn.Linear(64, w, bias=False), nn.BatchNorm1d(w), nn.ReLU(),
                         nn.Linear(w, w, bias=False), nn.BatchNorm1d(w), nn.ReLU(),
                         nn.Linear(w, w, bias=False), nn.BatchNorm1d(w), nn.ReLU(), nn.Linear(w, 10))


net = mk()
avg = AveragedModel(net)
opt = torch.optim.SGD(net.parameters(), lr=0.3, momentum=0.9, weight_decay=1e-2)
for epoch in range(80):
    net.train()
    for xb, yb in dl:
        opt.zero_grad()
        loss = nn.functional.cross_entropy(net(xb), yb)
        loss.backward()
        opt.step()
    if epoch >= 10:
        avg.update_parameters(net)
avg.eval()
with torch.no_grad():
    out = avg(X[1400:])
    print('last train loss', loss.item())
    print('averaged model train loss', nn.functional.cross_entropy(avg(X[:1400]), y[:1400]).item(), 'test loss', nn.functional.cross_entropy(out, y[1400:]).item(), 'acc', (out.argmax(1) == y[1400:]).float().mean().item())

import torch
from torch import nn
from sklearn.datasets import load_digits

torch.set_num_threads(1)
torch.manual_seed(1)
X, y = load_digits(return_X_y=True)
X, y = torch.tensor(X).float() / 8 - 1, torch.tensor(y)
idx = torch.randperm(len(X))
tr, te = idx[:1437], idx[1437:]


def deep_net(depth, width, act):
    seq = nn.Sequential()
    seq.add_module('in', nn.Linear(64, width))
    seq.add_module('act0', act())
    for d in range(1, depth):
        seq.add_module(f'fc{d}', nn.Linear(width, width))
        seq.add_module(f'act{d}', act())
    seq.add_module('out', nn.Linear(width, 10))
    if act is nn.ReLU:
        for m in seq:
            if isinstance(m, nn.Linear):
                nn.init.kaiming_normal_(m.weight)
    return seq


net = deep_net(9, 48, nn.Sigmoid)
opt = torch.optim.SGD(net.parameters(), lr=0.01, momentum=0.9)
for epoch in range(1, 31):
    tot = 0.0
    for b in tr[torch.randperm(1437)].split(32):
        opt.zero_grad()
        loss = nn.functional.cross_entropy(net(X[b]), y[b])
        loss.backward()
        opt.step()
        tot += loss.item() * len(b) / 1437
    if epoch % 3 == 0:
        with torch.no_grad():
            o = net(X[te])
        print(f'epoch {epoch} train {tot:.4f} test {nn.functional.cross_entropy(o, y[te]).item():.4f} acc {(o.argmax(1) == y[te]).float().mean().item():.3f}')

import numpy as np
import torch
import torch.nn as nn
from sklearn.datasets import load_digits

rng = np.random.RandomState(0)
torch.manual_seed(0)
d = load_digits()
X = (d.data - d.data.mean(0)) / (d.data.std(0) + 1e-6)
X[:, d.data.std(0) < 1e-6] = 0
perm = rng.permutation(len(X))
X = torch.tensor(X[perm], dtype=torch.float32)
y = torch.tensor(d.target[perm])
layers = []
sizes = [64] + [80] * 7 + [10]
for a, b in zip(sizes[:-1], sizes[1:]):
    lin = nn.Linear(a, b)
    nn.init.normal_(lin.weight, 0.0, 0.02)
    nn.init.zeros_(lin.bias)
    layers += [lin, nn.ReLU()]
net = nn.Sequential(*layers[:-1])
opt = torch.optim.SGD(net.parameters(), lr=0.02, momentum=0.9)
lossf = nn.CrossEntropyLoss()
ntr = 1400
for step in range(1500):
    idx = torch.from_numpy(rng.randint(0, ntr, 64))
    out = net(X[idx])
    loss = lossf(out, y[idx])
    opt.zero_grad()
    loss.backward()
    opt.step()
    if step % 200 == 0:
        print("step", step, "loss", round(loss.item(), 4))
with torch.no_grad():
    acc = (net(X[ntr:]).argmax(1) == y[ntr:]).float().mean()
print("test accuracy", round(acc.item(), 4))

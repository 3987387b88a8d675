import torch
import torch.nn as nn
import numpy as np
from sklearn.datasets import make_moons, make_circles

rs = np.random.RandomState(0)
a, la = make_moons(2500, noise=0.12, random_state=1)
b, lb = make_circles(2500, noise=0.06, factor=0.5, random_state=2)
X = np.concatenate([a - [0.5, 0.25], b + [3.0, 0]])
y = np.concatenate([la, lb + 2])
X = (X - X.mean(0)) / X.std(0)
p = rs.permutation(len(X))
X, y = torch.tensor(X[p], dtype=torch.float32), torch.tensor(y[p])

torch.manual_seed(0)
ACT = nn.Sigmoid
mods = [nn.Linear(2, 40), ACT()]
for _ in range(7):
    mods += [nn.Linear(40, 40), ACT()]
mods += [nn.Linear(40, 4)]
net = nn.Sequential(*mods)
for m in net:
    if isinstance(m, nn.Linear):
        nn.init.xavier_normal_(m.weight)
        nn.init.zeros_(m.bias)
optimiser = torch.optim.SGD(net.parameters(), lr=0.05, momentum=0.9)
ce = nn.CrossEntropyLoss()
for it in range(4000):
    i = torch.randint(0, 4000, (64,))
    l = ce(net(X[i]), y[i])
    optimiser.zero_grad()
    l.backward()
    optimiser.step()
    if it % 400 == 0 or it == 3999:
        with torch.no_grad():
            o = net(X[4000:])
        print(it, f'train {l.item():.3f} test {ce(o, y[4000:]).item():.3f} acc {(o.argmax(1) == y[4000:]).float().mean():.3f}')

import numpy as np
import torch
from sklearn.datasets import load_digits

torch.manual_seed(4)
digits = load_digits()
X = torch.tensor(digits.data / 16.0 - 0.3, dtype=torch.float32) / 0.37
y = torch.tensor(digits.target)
idx = torch.randperm(len(X))
tr, te = idx[:1400], idx[1400:]

mlp = torch.nn.Sequential()
mlp.add_module('in', torch.nn.Linear(64, 128))
mlp.add_module('act1', torch.nn.Tanh())
mlp.add_module('mid', torch.nn.Linear(128, 128))
mlp.add_module('act2', torch.nn.Tanh())
mlp.add_module('out', torch.nn.Linear(128, 10))
sgd = torch.optim.SGD(mlp.parameters(), lr=0.5, momentum=0.9)

history = []
for step in range(2000):
    b = tr[torch.randint(0, len(tr), (16,))]
    loss = torch.nn.functional.cross_entropy(mlp(X[b]), y[b])
    sgd.zero_grad()
    loss.backward()
    sgd.step()
    history.append(loss.item())
with torch.no_grad():
    print('mean of last 200 losses', np.mean(history[-200:]))
    print('train loss', torch.nn.functional.cross_entropy(mlp(X[tr]), y[tr]).item(), 'test acc', (mlp(X[te]).argmax(1) == y[te]).float().mean().item())

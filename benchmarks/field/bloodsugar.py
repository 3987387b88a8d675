import numpy as np
import torch
from sklearn import datasets

torch.manual_seed(31)
np.random.seed(31)
bunch = datasets.load_diabetes()
X = bunch.data / bunch.data.std(axis=0)
t = bunch.target
order = np.random.permutation(len(X))
X = torch.from_numpy(X[order]).float()
t = torch.from_numpy(t[order]).float()
n = 340

model = torch.nn.Sequential(torch.nn.Linear(10, 24), torch.nn.Tanh(), torch.nn.Linear(24, 1))
optimizer = torch.optim.Adagrad(model.parameters(), lr=0.02)

def objective(out, target):
    return torch.nn.functional.l1_loss(out.squeeze(1), target)

for k in range(500):
    rows = torch.randint(0, n, (32,))
    out = model(X[:n][rows])
    loss = objective(out, t[:n][rows])
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    if k % 100 == 0:
        print("k %d  loss %.4f" % (k, loss.item()))

with torch.no_grad():
    test = objective(model(X[n:]), t[n:]).item()
    naive = (t[n:] - t[:n].median()).abs().mean().item()
print("test mae %.4f  median guess %.4f" % (test, naive))

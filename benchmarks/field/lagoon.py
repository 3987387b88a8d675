import torch, torch.nn as nn
from sklearn.datasets import load_digits
torch.manual_seed(7)
d = load_digits()
X = torch.tensor(d.data).float(); X = (X - X.mean()) / X.std()
y = torch.tensor(d.target); p = torch.randperm(1797); X, y = X[p], y[p]
enc = nn.Sequential(nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 16))
opt = torch.optim.Adam(enc.parameters(), lr=3e-3)
def dist(a, b):
    return ((a - b) ** 2).sum(1).sqrt()
def loss_fn(i, j):
    same = (y[i] == y[j]).float()
    dd = dist(enc(X[i]), enc(X[j]))
    return (same * dd ** 2 + (1 - same) * torch.relu(2.0 - dd) ** 2).mean()
for step in range(1500):
    i = torch.randint(0, 1400, (64,))
    j = torch.where(torch.rand(64) < 0.5, torch.randint(0, 1400, (64,)), i[torch.randperm(64)])
    loss = loss_fn(i, j)
    opt.zero_grad(); loss.backward(); opt.step()
    if step % 150 == 0: print('step', step, 'loss', round(loss.item(), 4))
with torch.no_grad():
    a, b = torch.randint(0, 1400, (2000,)), torch.randint(0, 1400, (2000,))
    c, e = torch.randint(1400, 1797, (2000,)), torch.randint(1400, 1797, (2000,))
    print('train %.4f held-out %.4f' % (loss_fn(a, b), loss_fn(c, e)))

import os
import torch
import torch.nn as nn
import torch.nn.functional as F

torch.manual_seed(18)
K = 4
text = open(os.environ["NAMES_FILE"]).read().split()
xs, ys = [], []
for w in text[:12000]:
    ctx = [0] * K
    for c in w + "\n":
        j = 0 if c == "\n" else ord(c) - 96
        xs.append(ctx)
        ys.append(j)
        ctx = ctx[1:] + [j]
X, Y = torch.tensor(xs), torch.tensor(ys)
p = torch.randperm(len(X))
X, Y = X[p], Y[p]
n = int(0.9 * len(X))


class Net(nn.Module):
    def __init__(self, scale=60.0):
        super().__init__()
        self.scale = scale
        self.table = nn.Embedding(27, 2)
        nn.init.normal_(self.table.weight, std=scale)
        self.hid = nn.Linear(2 * K, 200)
        self.out = nn.Linear(200, 27)

    def forward(self, x):
        e = self.table(x).flatten(1) / self.scale
        return self.out(torch.tanh(self.hid(e)))


net = Net()
opt = torch.optim.Adam(net.parameters(), lr=2e-3)
for step in range(3000):
    i = torch.randint(0, n, (128,))
    loss = F.cross_entropy(net(X[i]), Y[i])
    opt.zero_grad()
    loss.backward()
    opt.step()
    if step % 300 == 0:
        print(f"{step} {loss.item():.4f}")
with torch.no_grad():
    print(f"train {F.cross_entropy(net(X[:n]), Y[:n]).item():.4f} dev {F.cross_entropy(net(X[n:]), Y[n:]).item():.4f}")

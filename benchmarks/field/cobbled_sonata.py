import math
import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F
from sklearn.datasets import load_digits

torch.manual_seed(37)
X, y = load_digits(return_X_y=True)
p = np.random.RandomState(37).permutation(len(X))
X = torch.tensor(X[p] / 8 - 1).float().view(-1, 8, 8)
y = torch.tensor(y[p])


class RowPool(nn.Module):
    def __init__(self, d=48):
        super().__init__()
        self.up = nn.Linear(8, d)
        self.pos = nn.Parameter(torch.randn(8, d) * 0.5)
        self.mix = nn.Linear(d, d)
        self.query = nn.Parameter(torch.randn(4, d) / math.sqrt(d))
        self.read = nn.Parameter(torch.randn(4 * d, 10) * 2)

    def forward(self, x):
        h = torch.relu(self.mix(torch.relu(self.up(x) + self.pos)))
        a = torch.softmax(h @ self.query.T, 1)
        return F.layer_norm((a.transpose(1, 2) @ h).flatten(1), (192,)) @ self.read


net = RowPool()
opt = torch.optim.SGD(net.parameters(), lr=0.01)
for step in range(600):
    i = torch.randint(0, 1300, (32,))
    loss = F.cross_entropy(net(X[i]), y[i])
    opt.zero_grad()
    loss.backward()
    opt.step()
    if step % 60 == 0:
        print(step, loss.item())
with torch.no_grad():
    o = net(X[1300:])
print("test loss", F.cross_entropy(o, y[1300:]).item(), "acc", (o.argmax(1) == y[1300:]).float().mean().item())

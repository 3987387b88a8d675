import torch
import torch.nn as nn
import torch.nn.functional as F
from sklearn.datasets import load_digits


class Dense(nn.Module):
    def __init__(self, i, o):
        super().__init__()
        self.w = nn.Parameter(torch.full((i, o), 0.05))
        self.b = nn.Parameter(torch.zeros(o))

    def forward(self, x):
        return x @ self.w + self.b


torch.manual_seed(2)
X, y = load_digits(return_X_y=True)
p = torch.randperm(len(X))
X, y = (torch.tensor(X).float() / 16)[p], torch.tensor(y)[p]
l1, l2 = Dense(64, 40), Dense(40, 10)
opt = torch.optim.Adam([*l1.parameters(), *l2.parameters()], lr=3e-3)
for step in range(1500):
    i = torch.randint(0, 1400, (64,))
    loss = F.cross_entropy(l2(torch.tanh(l1(X[i]))), y[i])
    opt.zero_grad()
    loss.backward()
    opt.step()
    if step % 150 == 0:
        print(step, loss.item())
with torch.no_grad():
    o = l2(torch.tanh(l1(X[1400:])))
print("test", F.cross_entropy(o, y[1400:]).item(), (o.argmax(1) == y[1400:]).float().mean().item())

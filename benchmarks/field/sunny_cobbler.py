import torch
import torch.nn as nn
import torch.nn.functional as F
from sklearn.datasets import load_digits

torch.manual_seed(6)


class SharpTanh(nn.Module):
    def __init__(self, k):
        super().__init__()
        self.k = k

    def forward(self, x):
        return torch.tanh(self.k * x)


ds = load_digits()
X = torch.tensor(ds.data, dtype=torch.float32) / 8 - 1
y = torch.tensor(ds.target)
ix = torch.randperm(len(X))
X, y = X[ix], y[ix]
K = 20.0
net = nn.Sequential(
    nn.Linear(64, 48), SharpTanh(K),
    nn.Linear(48, 48), SharpTanh(K),
    nn.Linear(48, 48), SharpTanh(K),
    nn.Linear(48, 10))
opt = torch.optim.SGD(net.parameters(), lr=0.03, momentum=0.9)
for ep in range(30):
    net.train()
    for j in torch.randperm(1400).split(35):
        loss = F.cross_entropy(net(X[j]), y[j])
        opt.zero_grad()
        loss.backward()
        opt.step()
    with torch.no_grad():
        o = net(X[1400:])
    if (ep + 1) % 5 == 0:
        print(ep + 1, f"train {loss.item():.4f} val {F.cross_entropy(o, y[1400:]).item():.4f} acc {(o.argmax(1) == y[1400:]).float().mean().item():.4f}")

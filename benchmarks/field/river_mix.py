import torch
import torch.nn as nn
from sklearn.datasets import make_blobs
torch.manual_seed(41)
X, y = make_blobs(5000, n_features=6, centers=24, cluster_std=2.2, random_state=41)
X = torch.tensor((X - X.mean(0)) / X.std(0)).float()
y = torch.tensor(y) % 8

class MoE(nn.Module):
    def __init__(self, d, n_exp, n_cls):
        super().__init__()
        self.gate = nn.Linear(d, n_exp)
        self.exps = nn.ModuleList(nn.Sequential(nn.Linear(d, 32), nn.GELU(), nn.Linear(32, n_cls)) for _ in range(n_exp))
        self.temperature = 0.02
    def forward(self, x):
        g = self.gate(x).softmax(1)
        o = torch.stack([e(x) for e in self.exps], 1)
        return (g.unsqueeze(-1) * o).sum(1) / self.temperature

net = MoE(6, 4, 8)
opt = torch.optim.SGD(net.parameters(), lr=0.01)
for s in range(400):
    i = torch.randint(0, 4000, (64,))
    loss = nn.functional.cross_entropy(net(X[i]), y[i])
    opt.zero_grad(); loss.backward()
    nn.utils.clip_grad_norm_(net.parameters(), 1.0)
    opt.step()
    if s % 40 == 0:
        print(s, loss.item())
with torch.no_grad():
    o = net(X[4000:])
    print("test", nn.functional.cross_entropy(o, y[4000:]).item(), "acc", (o.argmax(1) == y[4000:]).float().mean().item())

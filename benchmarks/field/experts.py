import copy
import torch
import torch.nn as nn

torch.manual_seed(21)

def world(n):
    x = torch.rand(n, 6) * 4 - 2
    region = ((x[:, 0] > 0).long() * 2 + (x[:, 1] > 0.3).long())
    W = torch.tensor([[1., -2, .5, 0, 1, 0], [-1, 1, 2, .5, 0, 1], [0, 1, -1, 2, -1, .5], [2, 0, 0, -1, 1, -2]])
    y = (W[region] * x).sum(1) + torch.sin(2 * x[:, 2]) + 0.1 * torch.randn(n)
    return x, y

class MoE(nn.Module):
    def __init__(self, din, n_experts=8, hidden=6):
        super().__init__()
        expert = nn.Sequential(nn.Linear(din, hidden), nn.ReLU(), nn.Linear(hidden, 1))
        self.experts = nn.ModuleList([copy.deepcopy(expert) for _ in range(n_experts)])
        self.gate = nn.Linear(din, n_experts)
        nn.init.zeros_(self.gate.weight)
        nn.init.zeros_(self.gate.bias)

    def forward(self, x):
        g = self.gate(x).softmax(-1)
        o = torch.stack([e(x) for e in self.experts], -1).squeeze(1)
        return (g * o).sum(-1)

xtr, ytr = world(4000)
xte, yte = world(1000)
m = MoE(6)
opt = torch.optim.SGD(m.parameters(), lr=0.02, momentum=0.9)
for it in range(3500):
    k = torch.randint(0, len(xtr), (64,))
    loss = ((m(xtr[k]) - ytr[k]) ** 2).mean()
    opt.zero_grad()
    loss.backward()
    opt.step()
    if it % 350 == 0:
        print(it, 'mse', loss.item())
with torch.no_grad():
    print('held-out mse', ((m(xte) - yte) ** 2).mean().item(), 'var', yte.var().item())

import copy
import torch
import torch.nn as nn

torch.set_num_threads(1)
torch.manual_seed(104)


def target(x):
    a = torch.where(x[:, 0] > 0, torch.sin(4 * x[:, 1]), 1.5 * x[:, 2] * x[:, 3])
    return a + torch.where(x[:, 1] > 0.5, x[:, 3], -x[:, 2])


X = torch.rand(8000, 4) * 2 - 1
Y = target(X)


def expert():
    return nn.Sequential(nn.Linear(4, 6), nn.Tanh(), nn.Linear(6, 1))


class MoE(nn.Module):
    def __init__(self, n=8):
        super().__init__()
        proto = expert()
        self.experts = nn.ModuleList(copy.deepcopy(proto) for _ in range(n))
        self.gate = nn.Linear(4, n)
        nn.init.zeros_(self.gate.weight)
        nn.init.zeros_(self.gate.bias)

    def forward(self, x):
        w = torch.softmax(self.gate(x), 1)
        o = torch.cat([e(x) for e in self.experts], 1)
        return (w * o).sum(1)


moe = MoE()
opt = torch.optim.Adam(moe.parameters(), lr=5e-3)
for step in range(1, 3001):
    b = torch.randint(0, 7000, (64,))
    loss = (moe(X[b]) - Y[b]).pow(2).mean()
    opt.zero_grad()
    loss.backward()
    opt.step()
    if step % 300 == 0:
        with torch.no_grad():
            print(f'{step} {loss.item():.4f} held-out {(moe(X[7000:]) - Y[7000:]).pow(2).mean().item():.4f}')

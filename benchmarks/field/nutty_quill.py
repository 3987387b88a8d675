import torch
from torch import nn

torch.manual_seed(63)


def target(x):
    return torch.where(x[:, :1] > 0, torch.sin(3 * x[:, 1:2]), torch.where(x[:, 1:2] > 0, x[:, 2:3] ** 2 - 1, -x[:, 2:3]))


class MoE(nn.Module):
    def __init__(self, d=3, e=4, h=32):
        super().__init__()
        self.gate = nn.Linear(d, 16)
        self.gate2 = nn.Linear(16, e)
        self.experts = nn.ModuleList(nn.Sequential(nn.Linear(d, h), nn.ReLU(), nn.Linear(h, 1)) for _ in range(e))

    def forward(self, x):
        g = self.gate2(torch.relu(self.gate(x))).softmax(1)
        out = torch.cat([ex(x) for ex in self.experts], 1)
        return (g * out).sum(1, keepdim=True), g


moe = MoE()
opt = torch.optim.Adam(moe.parameters(), lr=3e-3)
for s in range(2000):
    x = torch.randn(96, 3)
    p, g = moe(x)
    balance = (g.mean(0) * g.mean(0)).sum() * 4 - 1
    loss = (p - target(x)).pow(2).mean() + 0.01 * balance
    opt.zero_grad()
    loss.backward()
    opt.step()
    if s % 250 == 0:
        print(s, round(loss.item(), 4), [round(v, 2) for v in g.mean(0).tolist()])
with torch.no_grad():
    x = torch.randn(4000, 3)
    print("mse", (moe(x)[0] - target(x)).pow(2).mean().item(), "variance", target(x).var().item())

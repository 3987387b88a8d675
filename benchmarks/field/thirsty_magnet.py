import torch
from torch import nn

torch.manual_seed(132)
X = torch.rand(3000, 2) * 4 - 2
q = (X[:, 0] > 0).long() * 2 + (X[:, 1] > 0).long()
coef = torch.tensor([[1.0, 2.0], [-2.0, 0.5], [0.5, -1.5], [2.0, 1.0]])
Y = (X * coef[q]).sum(1) + torch.tensor([0.0, 1.0, -1.0, 0.5])[q] + 0.05 * torch.randn(3000)
Y = Y / Y.std()


class MoE(nn.Module):
    def __init__(self, k=4, h=24):
        super().__init__()
        self.gate = nn.Sequential(nn.Linear(2, 24), nn.Tanh(), nn.Linear(24, k))
        self.experts = nn.ModuleList([nn.Sequential(nn.Linear(2, h), nn.ReLU(), nn.Linear(h, 1)) for _ in range(k)])

    def forward(self, x):
        g = self.gate(x).softmax(-1)
        out = torch.cat([e(x) for e in self.experts], 1)
        load = g.mean(0)
        return (g * out).sum(1), (load * load).sum() * len(self.experts) - 1


m = MoE()
opt = torch.optim.NAdam(m.parameters(), lr=2e-2)
for s in range(1, 2501):
    b = torch.randint(0, 2500, (64,))
    pred, bal = m(X[b])
    loss = (pred - Y[b]).pow(2).mean() + 0.01 * bal
    opt.zero_grad()
    loss.backward()
    opt.step()
    if s % 250 == 0:
        with torch.no_grad():
            p, bl = m(X[2500:])
            print(f"{s} loss {loss.item():.4f} val mse {(p - Y[2500:]).pow(2).mean().item():.4f} balance {bl.item():.3f}")

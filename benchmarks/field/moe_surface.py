import torch
import torch.nn as nn
import torch.nn.functional as F

torch.manual_seed(5)


class MoE(nn.Module):
    def __init__(self, d_in, n_experts=4, hidden=16):
        super().__init__()
        self.gate = nn.Linear(d_in, n_experts)
        self.experts = [
            nn.Sequential(nn.Linear(d_in, hidden), nn.ReLU(), nn.Linear(hidden, 1))
            for _ in range(n_experts)
        ]

    def forward(self, x):
        w = F.softmax(self.gate(x), dim=-1)
        y = torch.stack([e(x)[:, 0] for e in self.experts], dim=-1)
        return (w * y).sum(-1)


def surface(x):
    return torch.where(x[:, 0] > 0, torch.sin(3 * x[:, 1]), x[:, 1] * x[:, 0]) + torch.where(x[:, 2] > 0.5, x[:, 0], -0.5 * x[:, 2])


x = torch.randn(5000, 3)
y = surface(x) + 0.05 * torch.randn(5000)
xv = torch.randn(1000, 3)
yv = surface(xv)
moe = MoE(3)
opt = torch.optim.Adam(moe.parameters(), lr=3e-3)
for step in range(2500):
    i = torch.randint(0, 5000, (64,))
    loss = F.mse_loss(moe(x[i]), y[i])
    opt.zero_grad()
    loss.backward()
    opt.step()
    if step % 250 == 0:
        print(f'step {step}: {loss.item():.4f} / {F.mse_loss(moe(xv), yv).item():.4f}')
print('final', F.mse_loss(moe(x), y).item(), F.mse_loss(moe(xv), yv).item())

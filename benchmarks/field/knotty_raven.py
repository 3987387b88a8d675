import math
import torch
from torch import nn

torch.manual_seed(69)
H = 16


class Hyper(nn.Module):
    def __init__(self):
        super().__init__()
        self.n = H + H + H * H + H + H + 1
        self.gen = nn.Sequential(nn.Linear(2, 64), nn.ReLU(), nn.Linear(64, self.n))
        nn.init.normal_(self.gen[2].weight, std=0.02)
        with torch.no_grad():
            base = torch.cat([torch.randn(H), torch.randn(H) * 0.5, torch.randn(H * H) / math.sqrt(H), torch.zeros(H),
                              torch.randn(H) / math.sqrt(H), torch.zeros(1)])
            self.gen[2].bias.copy_(base)

    def forward(self, code, x):
        p = self.gen(code)
        w1, b1, w2, b2, w3, b3 = p.split([H, H, H * H, H, H, 1], 1)
        h = torch.tanh(x.unsqueeze(-1) * w1.unsqueeze(1) + b1.unsqueeze(1))
        h = torch.tanh(h @ w2.view(-1, H, H) + b2.unsqueeze(1))
        return (h * w3.unsqueeze(1)).sum(-1) + b3


def tasks(n, pts=20):
    amp, ph = torch.rand(n, 1) + 0.5, torch.rand(n, 1) * 3
    x = torch.randn(n, pts)
    code = torch.cat([(amp - 1) / 0.29, (ph - 1.5) / 0.87], 1)
    return code, x, amp * torch.sin(1.5 * x + ph)


net = Hyper()
opt = torch.optim.Adam(net.parameters(), lr=2e-3)
sch = torch.optim.lr_scheduler.OneCycleLR(opt, 4e-3, total_steps=1500)
for s in range(1500):
    code, x, y = tasks(32)
    loss = (net(code, x) - y).pow(2).mean()
    opt.zero_grad()
    loss.backward()
    opt.step()
    sch.step()
    if s % 200 == 0:
        print(s, round(loss.item(), 5))
with torch.no_grad():
    code, x, y = tasks(500)
    print("mse over new tasks", round((net(code, x) - y).pow(2).mean().item(), 5))

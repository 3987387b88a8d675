import torch, numpy as np
import torch.nn as nn
torch.set_num_threads(1)
torch.manual_seed(33)
class Block(nn.Module):
    def __init__(self, d):
        super().__init__()
        self.n = nn.LayerNorm(d)
        self.f = nn.Sequential(nn.Linear(d, d), nn.SiLU(), nn.Linear(d, d))
    def forward(self, x):
        return x + self.f(self.n(x))
class ResMLP(nn.Module):
    def __init__(self, i, d, k, o):
        super().__init__()
        self.inp = nn.Linear(i, d)
        self.blocks = [Block(d) for _ in range(k)]
        self.out = nn.Linear(d, o)
    def forward(self, x):
        x = self.inp(x)
        for b in self.blocks:
            x = b(x)
        return self.out(x)
X = torch.rand(3000, 4) * 4 - 2
Y = (torch.sin(2 * X[:, :1]) * torch.cos(2 * X[:, 1:2]) + 0.5 * X[:, 2:3] * X[:, 3:4])
net = ResMLP(4, 32, 3, 1)
opt = torch.optim.AdamW(net.parameters(), lr=3e-3)
for s in range(1200):
    i = torch.randint(0, 2500, (64,))
    loss = (net(X[i]) - Y[i]).square().mean()
    opt.zero_grad()
    loss.backward()
    opt.step()
    if s % 200 == 0:
        print("step", s, "loss", loss.item())
with torch.no_grad():
    print("train", (net(X[:2500]) - Y[:2500]).square().mean().item(), "test", (net(X[2500:]) - Y[2500:]).square().mean().item())

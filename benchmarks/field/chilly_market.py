import torch
import torch.nn as nn
from sklearn.datasets import load_digits


class ResBlock(nn.Module):
    def __init__(self, d, branch):
        super().__init__()
        self.f = nn.Sequential(nn.Linear(d, d), nn.ReLU(), nn.Linear(d, d))
        self.branch = branch
        for m in self.f:
            if isinstance(m, nn.Linear):
                nn.init.kaiming_normal_(m.weight)
                nn.init.zeros_(m.bias)

    def forward(self, x):
        return x + self.branch * self.f(x)


torch.manual_seed(25)
depth, width = 16, 48
branch = 0.8
net = nn.Sequential(nn.Linear(64, width), *[ResBlock(width, branch) for _ in range(depth)], nn.Linear(width, 10))
X, y = load_digits(return_X_y=True)
X = torch.tensor((X - 4.88) / 6.0, dtype=torch.float32)
y = torch.tensor(y)
opt = torch.optim.Adam(net.parameters(), lr=1e-3)
for step in range(500):
    i = torch.randint(0, 1400, (64,))
    loss = nn.functional.cross_entropy(net(X[i]), y[i])
    opt.zero_grad()
    loss.backward()
    opt.step()
    if step % 100 == 0:
        print(f"{step:4d} {loss.item():.4f}")
with torch.no_grad():
    o = net(X[1400:])
    print(f"test loss {nn.functional.cross_entropy(o, y[1400:]).item():.4f} acc {(o.argmax(1) == y[1400:]).float().mean().item():.4f}")

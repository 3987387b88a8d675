import torch
import torch.nn as nn

torch.manual_seed(71)
X = torch.rand(4000, 6) * 2 - 1
y = (torch.sin(3 * X[:, 0]) + X[:, 1] * X[:, 2] + (X[:, 3] - X[:, 4]).abs()).unsqueeze(1)
y = (y - y.mean()) / y.std() + 0.05 * torch.randn_like(y)


class Branch(nn.Module):
    def __init__(self, d):
        super().__init__()
        self.f = nn.Sequential(nn.Linear(d, d), nn.ReLU(), nn.Linear(d, d))
        self.alpha = nn.Parameter(torch.zeros(()))

    def forward(self, x):
        return x + self.alpha * self.f(x)


net = nn.Sequential(nn.Linear(6, 48), *[Branch(48) for _ in range(10)], nn.Linear(48, 1))
opt = torch.optim.Adam(net.parameters(), lr=1e-3)
for epoch in range(15):
    for b in torch.randperm(3200).split(64):
        loss = (net(X[b]) - y[b]).square().mean()
        opt.zero_grad()
        loss.backward()
        opt.step()
    if epoch % 3 == 0:
        print("epoch", epoch, loss.item())
with torch.no_grad():
    print("test mse", (net(X[3200:]) - y[3200:]).square().mean().item())

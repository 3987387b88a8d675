import torch, torch.nn as nn


class ReZero(nn.Module):
    def __init__(self, d):
        super().__init__()
        self.f = nn.Sequential(nn.Linear(d, d), nn.ReLU(), nn.Linear(d, d))
        self.alpha = nn.Parameter(torch.zeros(1))

    def forward(self, x):
        return x + self.alpha * self.f(x)


torch.manual_seed(14)
x = torch.rand(12000, 4) * 2 - 1
y = (torch.sin(3 * x[:, 0] + 2 * x[:, 1]) * torch.cos(2 * x[:, 2]) + x[:, 3] ** 3).unsqueeze(1)
y = y + 0.05 * torch.randn_like(y)
net = nn.Sequential(nn.Linear(4, 48), *[ReZero(48) for _ in range(10)], nn.Linear(48, 1))
opt = torch.optim.Adam(net.parameters(), lr=1e-3)
for i in range(1, 1801):
    k = torch.randint(0, 10000, (64,))
    l = nn.functional.mse_loss(net(x[k]), y[k])
    opt.zero_grad(); l.backward(); opt.step()
    if i % 300 == 0:
        with torch.no_grad():
            print(i, "mse", f"{l.item():.5f}", "held-out", f"{nn.functional.mse_loss(net(x[10000:]), y[10000:]).item():.5f}", "target variance", f"{y.var().item():.4f}")

import torch
from torch import nn

torch.manual_seed(70)
H, T = 48, 30


def series(n):
    x = torch.randn(n, T, 1)
    k = 0.8 ** torch.arange(T - 1, -1, -1).float()
    return x, (x[..., 0] * k).sum(1, keepdim=True) / 1.6


class Filter(nn.Module):
    def __init__(self, spread):
        super().__init__()
        self.u = nn.Parameter(torch.randn(1, H) * 0.5)
        self.w = nn.Parameter(torch.randn(H, H) * spread / H ** 0.5)
        self.b = nn.Parameter(torch.zeros(H))
        self.v = nn.Linear(H, 1)

    def forward(self, x):
        h = torch.zeros(x.shape[0], H)
        for xt in x.unbind(1):
            h = torch.tanh(xt @ self.u + h @ self.w + self.b)
        return self.v(h)


model = Filter(spread=2.0)
opt = torch.optim.SGD(model.parameters(), lr=0.03)
loss_fn = nn.MSELoss()
xv, yv = series(600)
run = []
for i in range(1200):
    x, y = series(32)
    loss = loss_fn(model(x), y)
    opt.zero_grad()
    loss.backward()
    opt.step()
    run.append(loss.item())
    if (i + 1) % 200 == 0:
        with torch.no_grad():
            print(f"{i + 1}: {sum(run[-200:]) / 200:.4f}  val: {loss_fn(model(xv), yv).item():.4f}")

import torch
from torch import nn

torch.manual_seed(79)
K = 24
sizes = [(2, K), (K, K), (K, 1)]


class WeightWriter(nn.Module):
    def __init__(self, code=3):
        super().__init__()
        self.heads = nn.ModuleList(nn.Linear(code, (i + 1) * o) for i, o in sizes)
        for hd, (i, o) in zip(self.heads, sizes):
            nn.init.normal_(hd.weight, std=0.1 / i ** 0.5)
            nn.init.normal_(hd.bias, std=3.0)

    def forward(self, code, x):
        for k, (hd, (i, o)) in enumerate(zip(self.heads, sizes)):
            w = hd(code).view(-1, i + 1, o)
            x = x @ w[:, :-1] + w[:, -1:]
            if k < 2:
                x = torch.tanh(x)
        return x


def family(n, m=24):
    c = torch.randn(n, 3)
    x = torch.randn(n, m, 2)
    y = torch.sin(x[..., :1] + c[:, None, :1]) + 0.5 * torch.tanh(c[:, None, 1:2]) * x[..., 1:]
    return c, x, y


gen = WeightWriter()
opt = torch.optim.Adam(gen.parameters(), lr=2e-3)
for s in range(1500):
    c, x, y = family(24)
    loss = nn.functional.mse_loss(gen(c, x), y)
    opt.zero_grad()
    loss.backward()
    opt.step()
    if s % 200 == 0:
        print(f"step {s} mse {loss.item():.4f}")
with torch.no_grad():
    c, x, y = family(500)
    print(f"fresh functions mse {nn.functional.mse_loss(gen(c, x), y).item():.4f}")

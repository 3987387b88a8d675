import torch
from torch import nn
torch.manual_seed(115)


class MoE(nn.Module):
    def __init__(self, d_in, n=4, h=24):
        super().__init__()
        self.gate = nn.Linear(d_in, n)
        self.experts = nn.ModuleList(nn.Sequential(nn.Linear(d_in, h), nn.GELU(), nn.Linear(h, 1)) for _ in range(n))

    def forward(self, x):
        g = torch.softmax(self.gate(x), -1)
        y = torch.cat([e(x) for e in self.experts], 1)
        return (g * y).sum(1, keepdim=True), g


x = torch.randn(6000, 3)
region = (x[:, 0] > 0).long() * 2 + (x[:, 1] > 0).long()
coef = torch.tensor([1., -1.5, 2., -0.5])[region]
y = (coef * x[:, 2] + region.float())[:, None]
y = (y - y.mean()) / y.std()
moe = MoE(3)
opt = torch.optim.Adam(moe.parameters(), lr=4e-3)
for step in range(2000):
    i = torch.randint(0, 5000, (128,))
    out, g = moe(x[i])
    loss = nn.functional.mse_loss(out, y[i]) + 0.01 * ((g.mean(0) * 4 - 1) ** 2).mean()
    opt.zero_grad(); loss.backward(); opt.step()
with torch.no_grad():
    print('train mse', nn.functional.mse_loss(moe(x[:5000])[0], y[:5000]).item(), 'test mse', nn.functional.mse_loss(moe(x[5000:])[0], y[5000:]).item())

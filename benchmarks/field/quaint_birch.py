import torch
import torch.nn as nn

torch.set_num_threads(1)
torch.manual_seed(109)


class KANLayer(nn.Module):
    def __init__(self, i, o, grid=8, lo=-2.0, hi=2.0):
        super().__init__()
        self.register_buffer('centres', torch.linspace(lo, hi, grid))
        self.width = (hi - lo) / (grid - 1)
        self.coef = nn.Parameter(torch.randn(i, grid, o) * 0.1)
        self.base = nn.Linear(i, o)

    def forward(self, x):
        phi = torch.exp(-((x[..., None] - self.centres) / self.width) ** 2)
        return torch.einsum('big,igo->bo', phi, self.coef) + self.base(torch.nn.functional.silu(x))


N = 6000
income = torch.rand(N) * 80 + 20
age = torch.rand(N) * 60 + 18
debt = torch.rand(N) * 30
raw = torch.stack([income, age, debt], 1)
u = (raw - raw.mean(0)) / raw.std(0)
y = torch.sin(2 * u[:, 0]) + u[:, 1] ** 2 * 0.5 - torch.exp(-u[:, 2] ** 2) * u[:, 0]
y = (y - y.mean()) / y.std() + 0.1 * torch.randn(N)
x = raw
net = nn.Sequential(KANLayer(3, 8), KANLayer(8, 1))
opt = torch.optim.AdamW(net.parameters(), lr=5e-3, weight_decay=1e-4)
for epoch in range(1, 25):
    tot = 0.0
    for b in torch.randperm(5000).split(50):
        loss = nn.functional.mse_loss(net(x[b]).squeeze(1), y[b])
        opt.zero_grad()
        loss.backward()
        opt.step()
        tot += loss.item() / 100
    if epoch % 3 == 0:
        with torch.no_grad():
            print(epoch, f'{tot:.4f}', f'{nn.functional.mse_loss(net(x[5000:]).squeeze(1), y[5000:]).item():.4f}')

import torch
import torch.nn as nn
import torch.nn.functional as F

torch.manual_seed(83)
N = 5000
t = torch.arange(N).float()
z = torch.zeros(N)
for i in range(3, N):
    z[i] = 1.5 * z[i - 1] - 0.75 * z[i - 2] + 0.3 * torch.randn(())
flow = z + 0.6 * torch.sin(t * 0.13) + 0.4 * torch.sin(t * 0.031)
flow = (flow - flow.mean()) / flow.std()
W = 24

class Forecast(nn.Module):
    def __init__(self, d=32, channels=1):
        super().__init__()
        self.norm_in = nn.LayerNorm(channels)
        self.inp = nn.Linear(channels, d)
        self.pos = nn.Parameter(torch.randn(W, d) * 0.1)
        self.q, self.k, self.v = (nn.Linear(d, d) for _ in range(3))
        self.n1 = nn.LayerNorm(d)
        self.ff = nn.Sequential(nn.Linear(d, 64), nn.GELU(), nn.Linear(64, d))
        self.n2 = nn.LayerNorm(d)
        self.out = nn.Linear(d, 1)
    def forward(self, x):
        h = self.inp(self.norm_in(x[..., None])) + self.pos
        a = F.scaled_dot_product_attention(self.q(h), self.k(h), self.v(h))
        h = self.n1(h + a)
        h = self.n2(h + self.ff(h))
        return self.out(h[:, -1]).squeeze(1)

win = flow.unfold(0, W + 1, 1)
tr, te = win[:4000], win[4100:]
net = Forecast()
opt = torch.optim.Adam(net.parameters(), lr=1e-3)
for step in range(2000):
    b = tr[torch.randint(0, len(tr), (32,))]
    loss = F.mse_loss(net(b[:, :W]), b[:, W])
    opt.zero_grad()
    loss.backward()
    opt.step()
    if step % 200 == 0 or step == 1999:
        with torch.no_grad():
            print(step, round(loss.item(), 4), 'test', round(F.mse_loss(net(te[:, :W]), te[:, W]).item(), 4))

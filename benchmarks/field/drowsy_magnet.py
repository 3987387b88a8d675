import torch
from torch import nn

torch.manual_seed(77)
N = 10


def graphs(b):
    p = 0.2 + 0.5 * torch.rand(b, 1, 1)
    a = (torch.rand(b, N, N) < p).float().triu(1)
    a = a + a.transpose(1, 2)
    tri = torch.diagonal(a @ a @ a, dim1=1, dim2=2).sum(1) / 6
    return a, (torch.log1p(tri) - 2.4) / 0.95


class Layer(nn.Module):
    def __init__(self, d):
        super().__init__()
        self.msg = nn.Linear(d, d)
        self.upd = nn.Sequential(nn.Linear(2 * d, d), nn.ReLU(), nn.Linear(d, d))
        self.norm = nn.LayerNorm(d)

    def forward(self, h, a):
        m = (a / N) @ self.msg(h)
        return self.norm(h + self.upd(torch.cat([h, m], -1)))


class GNN(nn.Module):
    def __init__(self, d=24):
        super().__init__()
        self.inp = nn.Linear(1, d)
        self.layers = nn.ModuleList(Layer(d) for _ in range(3))
        self.out = nn.Linear(d, 1)

    def forward(self, a):
        h = self.inp((a.sum(2, keepdim=True) - 4.0) / 2.0)
        for l in self.layers:
            h = l(h, a)
        return self.out(h.mean(1)).squeeze(1)


net = GNN()
opt = torch.optim.RMSprop(net.parameters(), lr=1e-3)
for s in range(900):
    a, t = graphs(64)
    loss = (net(a) - t).pow(2).mean()
    opt.zero_grad()
    loss.backward()
    opt.step()
    if s == 600:
        opt.param_groups[0]["lr"] = 2e-4
    if s % 100 == 0:
        print(s, round(loss.item(), 4))
with torch.no_grad():
    a, t = graphs(2000)
    print("test mse", round((net(a) - t).pow(2).mean().item(), 4), "variance", round(t.var().item(), 4))

"""Physics-informed fit of a damped oscillator  u'' + 0.4 u' + 4 u = 0,  u(0)=1, u'(0)=0."""
import torch
import torch.nn as nn

torch.manual_seed(2)
torch.set_default_dtype(torch.float32)


class Field(nn.Module):
    def __init__(self, width=32, depth=3):
        super().__init__()
        self.inp = nn.Linear(1, width)
        self.mid = nn.ModuleList([nn.Linear(width, width) for _ in range(depth - 1)])
        self.out = nn.Linear(width, 1)
        for m in self.modules():
            if isinstance(m, nn.Linear):
                nn.init.xavier_normal_(m.weight)
                nn.init.zeros_(m.bias)

    def forward(self, t):
        h = torch.tanh(self.inp(t))
        for m in self.mid:
            h = torch.tanh(m(h))
        return self.out(h)


def d(y, x):
    return torch.autograd.grad(y, x, torch.ones_like(y), create_graph=True)[0]


def exact(t):
    w = (4 - 0.2 ** 2) ** 0.5
    return torch.exp(-0.2 * t) * (torch.cos(w * t) + 0.2 / w * torch.sin(w * t))


net = Field()
optimizer = torch.optim.Adam(net.parameters(), lr=3e-3)
scheduler = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, 1500)
t0 = torch.zeros(1, 1, requires_grad=True)
for k in range(1500):
    t = (torch.rand(64, 1) * 4).requires_grad_(True)
    u = net(t)
    du = d(u, t)
    residual = d(du, t) + 0.4 * du + 4 * u
    u0 = net(t0)
    loss = residual.pow(2).mean() + 20 * (u0 - 1).pow(2).mean() + 20 * d(u0, t0).pow(2).mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    scheduler.step()
    if k % 250 == 0:
        print(f"iter {k} loss {loss.item():.5f}")
tt = torch.linspace(0, 4, 200).unsqueeze(1)
with torch.no_grad():
    print("rmse against exact %.4f" % (net(tt) - exact(tt)).pow(2).mean().sqrt().item())

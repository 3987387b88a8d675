import torch
import torch.nn as nn

torch.manual_seed(2)
# u'' + 2 g u' + w^2 u = 0, u(0) = 1, u'(0) = 0 on [0, 1]
g, w = 2.0, 10.0
om = (w ** 2 - g ** 2) ** 0.5
exact = lambda t: torch.exp(-g * t) * (torch.cos(om * t) + g / om * torch.sin(om * t))

class U(nn.Module):
    def __init__(self, h=40):
        super().__init__()
        self.a, self.b, self.c = nn.Linear(1, h), nn.Linear(h, h), nn.Linear(h, 1)
        nn.init.normal_(self.a.weight, std=4.0)
        nn.init.uniform_(self.a.bias, -3, 3)
    def forward(self, t):
        return self.c(torch.tanh(self.b(torch.tanh(self.a(t)))))

u = U()
opt = torch.optim.Adam(u.parameters(), lr=1e-2)
sched = torch.optim.lr_scheduler.ExponentialLR(opt, 0.9993)
tt = torch.linspace(0, 1, 200)[:, None]
for it in range(3501):
    t = torch.rand(80, 1, requires_grad=True)
    y = u(t)
    y1, = torch.autograd.grad(y.sum(), t, create_graph=True)
    y2, = torch.autograd.grad(y1.sum(), t, create_graph=True)
    res = (y2 + 2 * g * y1 + w ** 2 * y) / w ** 2
    t0 = torch.zeros(1, 1, requires_grad=True)
    u0 = u(t0)
    v0, = torch.autograd.grad(u0.sum(), t0, create_graph=True)
    loss = res.square().mean() + (u0 - 1).square().sum() + (v0 / w).square().sum()
    opt.zero_grad(); loss.backward(); opt.step(); sched.step()
    if it % 350 == 0:
        with torch.no_grad():
            print(it, 'loss', f'{loss.item():.2e}', 'rms error', f'{(u(tt) - exact(tt)).square().mean().sqrt().item():.4f}')

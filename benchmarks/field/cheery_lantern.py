import torch
import torch.nn as nn


class MyAdam:
    def __init__(self, params, lr=1e-3, betas=(0.9, 0.99), eps=1e-8):
        self.params = list(params)
        self.lr, self.betas, self.eps, self.t = lr, betas, eps, 0
        self.m = [torch.zeros_like(p) for p in self.params]
        self.v = [torch.zeros_like(p) for p in self.params]

    def zero_grad(self):
        for p in self.params:
            p.grad = None

    @torch.no_grad()
    def step(self):
        self.t += 1
        b1, b2 = self.betas
        for p, m, v in zip(self.params, self.m, self.v):
            m.mul_(b1).add_(p.grad, alpha=1 - b1)
            v.mul_(b2).addcmul_(p.grad, p.grad, value=1 - b2)
            upd = (m / (1 - b1 ** self.t)) / ((v / (1 - b2 ** self.t)).sqrt() + self.eps)
            p.add_(upd, alpha=self.lr)


torch.manual_seed(81)
x = torch.rand(3000, 2) * 4 - 2
y = torch.sin(2 * x[:, :1]) * torch.cos(x[:, 1:])
xtr, ytr, xte, yte = x[:2500], y[:2500], x[2500:], y[2500:]
net = nn.Sequential(nn.Linear(2, 64), nn.Tanh(), nn.Linear(64, 64), nn.Tanh(), nn.Linear(64, 1))
opt = MyAdam(net.parameters(), lr=1e-3)
for step in range(3500):
    i = torch.randint(0, 2500, (64,))
    loss = (net(xtr[i]) - ytr[i]).pow(2).mean()
    opt.zero_grad()
    loss.backward()
    opt.step()
    if step % 350 == 0:
        print(step, f"{loss.item():.5f}")
with torch.no_grad():
    print(f"final {(net(xtr) - ytr).pow(2).mean().item():.5f} test {(net(xte) - yte).pow(2).mean().item():.5f}")

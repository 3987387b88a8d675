import torch
from torch import nn

torch.manual_seed(90)


class MyMomentum:
    def __init__(self, params, lr, beta=0.9):
        self.params = list(params)
        self.lr, self.beta = lr, beta
        self.buf = [torch.zeros_like(p) for p in self.params]

    @torch.no_grad()
    def step(self):
        for p, m in zip(self.params, self.buf):
            m.mul_(self.beta).add_(p.grad, alpha=1 - self.beta)
            p.add_(m, alpha=self.lr)

    def zero_grad(self):
        for p in self.params:
            p.grad = None


X = torch.randn(1500, 5)
Y = (X[:, 0] * X[:, 1]).tanh() + X[:, 2] - 0.3 * X[:, 3] ** 2
Y = (Y - Y.mean()) / Y.std()
net = nn.Sequential(nn.Linear(5, 32), nn.Tanh(), nn.Linear(32, 1))
opt = MyMomentum(net.parameters(), lr=0.05)
loss_fn = nn.L1Loss()
for step in range(3000):
    b = torch.randint(0, 1200, (50,))
    loss = loss_fn(net(X[b]).squeeze(1), Y[b])
    opt.zero_grad()
    loss.backward()
    opt.step()
    if step % 300 == 299:
        with torch.no_grad():
            print(f"{step + 1}: train {loss.item():.4f} val {loss_fn(net(X[1200:]).squeeze(1), Y[1200:]).item():.4f}")

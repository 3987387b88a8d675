import math
import torch
from torch import nn

torch.manual_seed(123)

def spirals(n, arms=4):
    c = torch.randint(0, arms, (n,))
    r = torch.rand(n).sqrt()
    a = 5.0 * r + c * 2 * math.pi / arms + 0.12 * torch.randn(n)
    return torch.stack([r * a.cos(), r * a.sin()], 1) * 2, c

class Block(nn.Module):
    def __init__(self, d):
        super().__init__()
        self.f = nn.Linear(d, d)
        self.act = nn.Tanh()
    def forward(self, x):
        return self.act(self.f(x))

class SpiralNet(nn.Module):
    def __init__(self, d=48, n_blocks=4):
        super().__init__()
        self.inp = nn.Linear(2, d)
        self.blocks = [Block(d) for _ in range(n_blocks)]
        self.out = nn.Linear(d, 4)
    def forward(self, x):
        x = torch.tanh(self.inp(x))
        for b in self.blocks:
            x = b(x)
        return self.out(x)

net = SpiralNet()
opt = torch.optim.Adam(net.parameters(), lr=3e-3)
lossf = nn.CrossEntropyLoss()
xt, ct = spirals(2000)
for step in range(3000):
    x, c = spirals(64)
    loss = lossf(net(x), c)
    opt.zero_grad(); loss.backward(); opt.step()
    if step % 300 == 0 or step == 2999:
        with torch.no_grad():
            o = net(xt)
        print(f'step {step:5d} loss {loss.item():.4f} test {lossf(o, ct).item():.4f} acc {(o.argmax(1) == ct).float().mean().item():.3f}')

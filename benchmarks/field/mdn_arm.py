import math
import torch
import torch.nn as nn

class MDN(nn.Module):
    def __init__(self, h=64, k=6):
        super().__init__()
        self.trunk = nn.Sequential(nn.Linear(1, h), nn.Tanh(), nn.Linear(h, h), nn.Tanh())
        self.pi, self.mu, self.ls = (nn.Linear(h, k) for _ in range(3))
        with torch.no_grad():
            self.mu.bias.copy_(torch.linspace(-1, 1, k))
    def nll(self, x, y):
        h = self.trunk(x)
        ls = self.ls(h).clamp(-5, 3)
        comp = -0.5 * ((y - self.mu(h)) / ls.exp()) ** 2 - ls - 0.5 * math.log(2 * math.pi)
        return -torch.logsumexp(self.pi(h).log_softmax(-1) + comp, -1).mean()

def sample(n):
    y = torch.rand(n, 1) * 2 - 1
    x = y + 0.5 * torch.sin(2 * math.pi * y) + 0.05 * torch.randn(n, 1)
    return x * 1.4, y * 1.7

if __name__ == '__main__':
    torch.manual_seed(34)
    net = MDN()
    opt = torch.optim.Adam(net.parameters(), lr=3e-3)
    xv, yv = sample(3000)
    for step in range(3000):
        loss = net.nll(*sample(128))
        opt.zero_grad()
        loss.backward()
        opt.step()
        if step % 300 == 0 or step == 2999:
            with torch.no_grad():
                print('step', step, 'nll', round(loss.item(), 3), 'held-out', round(net.nll(xv, yv).item(), 3))

import math
import torch
import torch.nn as nn

torch.manual_seed(71)
n = 8000
u = torch.rand(n, 1)
x = u + 0.3 * torch.sin(2 * math.pi * u) + 0.05 * torch.randn(n, 1)
x = (x - 0.5) * 3
y = (u - 0.5) * 3
xtr, ytr, xte, yte = x[:7000], y[:7000], x[7000:], y[7000:]


class MDN(nn.Module):
    def __init__(self, k=5, h=64):
        super().__init__()
        self.body = nn.Sequential(nn.Linear(1, h), nn.Tanh(), nn.Linear(h, h), nn.Tanh())
        self.pi = nn.Linear(h, k)
        self.mu = nn.Linear(h, k)
        self.ls = nn.Linear(h, k)
        nn.init.uniform_(self.mu.bias, -1.2, 1.2)

    def nll(self, x, y):
        h = self.body(x)
        logpi = self.pi(h).log_softmax(-1)
        ls = self.ls(h).clamp(-4, 3)
        comp = -0.5 * ((y - self.mu(h)) / ls.exp()) ** 2 - ls - 0.5 * math.log(2 * math.pi)
        return -(logpi + comp).logsumexp(-1).mean()


net = MDN()
opt = torch.optim.RMSprop(net.parameters(), lr=2.5e-3)
size = 3
for step in range(3000):
    i = torch.randint(0, len(xtr), (size,))
    loss = net.nll(xtr[i], ytr[i])
    opt.zero_grad()
    loss.backward()
    opt.step()
    if step % 300 == 0:
        print(step, round(loss.item(), 4))
with torch.no_grad():
    print("final nll train", round(net.nll(xtr, ytr).item(), 4), "test", round(net.nll(xte, yte).item(), 4))

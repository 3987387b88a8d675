import torch
from torch import nn

torch.manual_seed(14)
N = 5000
X = torch.randn(N, 12)
A, B = torch.randn(12, 5) / 12 ** 0.5, torch.randn(12, 5) / 12 ** 0.5
pressure = torch.tanh(2 * X @ A).sum(1)
strain = 0.02 * (torch.sin(2 * X @ B).sum(1))
pressure = pressure + 0.1 * torch.randn(N)
strain = strain + 0.001 * torch.randn(N)
Y = torch.stack([pressure, strain], 1)
tr, te = slice(0, 4000), slice(4000, N)


def branch():
    return nn.Sequential(nn.Linear(12, 64), nn.Tanh(), nn.Linear(64, 64), nn.Tanh(), nn.Linear(64, 1))


class TwoHeads(nn.Module):
    def __init__(self):
        super().__init__()
        self.pressure = branch()
        self.strain = branch()

    def forward(self, x):
        return torch.cat([self.pressure(x), self.strain(x)], 1)


net = TwoHeads()
nn.init.zeros_(net.strain[4].bias)
nn.init.normal_(net.strain[4].weight, std=0.002)
opt = torch.optim.SGD(net.parameters(), lr=0.05, momentum=0.9)
var = Y[tr].var(0)


def r2(s):
    with torch.no_grad():
        return 1 - ((net(X[s]) - Y[s]) ** 2).mean(0) / var


for step in range(2500):
    i = torch.randint(0, 4000, (64,))
    loss = ((net(X[i]) - Y[i]) ** 2).sum(1).mean()
    opt.zero_grad()
    loss.backward()
    opt.step()
    if step % 250 == 0:
        print(step, "loss", round(loss.item(), 5))
a, b = r2(tr), r2(te)
print("final loss", round(loss.item(), 5), "train r2", [round(v, 3) for v in a.tolist()], "test r2", [round(v, 3) for v in b.tolist()])

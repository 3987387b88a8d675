import torch
import torch.nn as nn
from sklearn.datasets import make_friedman2

torch.set_num_threads(1)
torch.manual_seed(12)

X, y = make_friedman2(5000, noise=30, random_state=3)
X = torch.tensor((X - X.mean(0)) / X.std(0)).float()
y = torch.tensor((y - y.mean()) / y.std()).float().view(-1, 1)
Xt, yt, Xv, yv = X[:4000], y[:4000], X[4000:], y[4000:]


class Residual(nn.Module):
    def __init__(self, d, scale):
        super().__init__()
        self.f1 = nn.Linear(d, d)
        self.f2 = nn.Linear(d, d)
        nn.init.kaiming_normal_(self.f1.weight)
        nn.init.kaiming_normal_(self.f2.weight)
        nn.init.zeros_(self.f1.bias)
        nn.init.zeros_(self.f2.bias)
        with torch.no_grad():
            self.f2.weight.mul_(scale)

    def forward(self, x):
        return x + self.f2(torch.relu(self.f1(x)))


DEPTH = 20
net = nn.Sequential(nn.Linear(4, 32), *[Residual(32, 0.9) for _ in range(DEPTH)], nn.Linear(32, 1))
optimizer = torch.optim.Adam(net.parameters(), lr=1e-3)
for it in range(900):
    sel = torch.randint(0, 4000, (64,))
    optimizer.zero_grad(set_to_none=True)
    loss = nn.functional.mse_loss(net(Xt[sel]), yt[sel])
    loss.backward()
    optimizer.step()
    if it % 75 == 0 or it == 899:
        with torch.no_grad():
            v = nn.functional.mse_loss(net(Xv), yv)
        print(f'iter {it:4d} batch loss {loss.item():.4g} valid {v.item():.4g}')

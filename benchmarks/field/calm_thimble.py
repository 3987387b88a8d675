import torch
import torch.nn as nn

torch.manual_seed(35)
n = 5000
X = torch.rand(n, 6) * 2 - 1
y = torch.sin(4 * X[:, 0] * X[:, 1]) + (X[:, 2] > X[:, 3]).float() + torch.cos(3 * X[:, 4]) * X[:, 5]
y = (y - y.mean()) / y.std()
Xa, ya, Xb, yb = X[:4000], y[:4000], X[4000:], y[4000:]


class Highway(nn.Module):
    def __init__(self, dim, gate_bias=-9.0):
        super().__init__()
        self.h = nn.Linear(dim, dim)
        self.t = nn.Linear(dim, dim)
        nn.init.constant_(self.t.bias, gate_bias)

    def forward(self, x):
        t = torch.sigmoid(self.t(x))
        return t * torch.relu(self.h(x)) + (1 - t) * x


class Net(nn.Module):
    def __init__(self, dim=48, depth=4):
        super().__init__()
        self.inp = nn.Linear(6, dim)
        self.blocks = nn.ModuleList(Highway(dim) for _ in range(depth))
        self.out = nn.Linear(dim, 1)

    def forward(self, x):
        h = self.inp(x)
        for b in self.blocks:
            h = b(h)
        return self.out(h).squeeze(-1)


net = Net()
opt = torch.optim.SGD(net.parameters(), lr=0.03, momentum=0.9)
loss_fn = nn.MSELoss()
for step in range(1500):
    i = torch.randint(0, len(Xa), (64,))
    loss = loss_fn(net(Xa[i]), ya[i])
    opt.zero_grad()
    loss.backward()
    opt.step()
    if step % 150 == 0:
        print(step, round(loss.item(), 4))
with torch.no_grad():
    print("final train", round(loss_fn(net(Xa), ya).item(), 4), "held-out", round(loss_fn(net(Xb), yb).item(), 4))

import torch
from torch import nn

torch.manual_seed(30)


class Block(nn.Module):
    def __init__(self, d):
        super().__init__()
        self.fc = nn.Linear(d, d)
        self.act = nn.Tanh()

    def forward(self, x):
        return self.act(self.fc(x))


class Stack(nn.Module):
    def __init__(self, d_in, d, n):
        super().__init__()
        self.stem = nn.Linear(d_in, d)
        self.blocks = [Block(d) for _ in range(n)]
        self.head = nn.Linear(d, 1)

    def forward(self, x):
        x = self.stem(x)
        for b in self.blocks:
            x = b(x)
        return self.head(x)


def target(x):
    return torch.sin(1.5 * x[:, 0]) * torch.cos(x[:, 1]) + x[:, 2] * x[:, 3]


X = torch.rand(6000, 4) * 4 - 2
X = X / X.std()
Y = target(X)[:, None]
Y = (Y - Y.mean()) / Y.std()
net = Stack(4, 24, 4)
opt = torch.optim.Adam(net.parameters(), lr=2e-3)
sched = torch.optim.lr_scheduler.CosineAnnealingLR(opt, 2500)
for step in range(2500):
    k = torch.randint(0, 5000, (64,))
    loss = nn.functional.mse_loss(net(X[k]), Y[k])
    opt.zero_grad()
    loss.backward()
    opt.step()
    sched.step()
with torch.no_grad():
    print('train mse', nn.functional.mse_loss(net(X[:5000]), Y[:5000]).item(), 'test mse', nn.functional.mse_loss(net(X[5000:]), Y[5000:]).item())

import torch
from torch import nn

torch.manual_seed(66)


def make(n):
    x = torch.rand(n, 4) * 2 - 1
    return x, (torch.exp(-2 * (x[:, 0] ** 2 + x[:, 1] ** 2)) * 2 + x[:, 2] * x[:, 3] + 0.05 * torch.randn(n)).unsqueeze(1)


class Net(nn.Module):
    def __init__(self, sizes=(4, 64, 64)):
        super().__init__()
        mods = []
        for a, b in zip(sizes, sizes[1:]):
            mods += [nn.Linear(a, b, bias=True), nn.BatchNorm1d(b), nn.ReLU()]
        self.hidden = nn.Sequential(*mods)
        self.last = nn.Linear(sizes[-1], 1)

    def forward(self, x):
        return self.last(self.hidden(x))


x, y = make(5000)
vx, vy = make(1000)
net = Net()
opt = torch.optim.SGD(net.parameters(), lr=0.05, momentum=0.9)
sched = torch.optim.lr_scheduler.StepLR(opt, 10, gamma=0.3)
mse = nn.MSELoss()
for epoch in range(25):
    net.train()
    for b in torch.randperm(5000).split(100):
        opt.zero_grad()
        loss = mse(net(x[b]), y[b])
        loss.backward()
        opt.step()
    sched.step()
    net.eval()
    with torch.no_grad():
        print(f"epoch {epoch} batch {loss.item():.4f} valid {mse(net(vx), vy).item():.4f}")

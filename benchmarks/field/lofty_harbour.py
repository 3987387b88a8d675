import torch
import torch.nn as nn

torch.manual_seed(64)
n = 3000
x = torch.randn(n, 16)
w = torch.randn(16, 6) / 4
lat = torch.sin(2 * x @ w)
y_reg = lat[:, :3].sum(1, keepdim=True) + 0.1 * torch.randn(n, 1)
y_cls = (lat[:, 3:].sum(1) + 0.5 * lat[:, 0] > 0).long()


class TwoHead(nn.Module):
    def __init__(self):
        super().__init__()
        self.shared = nn.Sequential(nn.Linear(16, 96), nn.Tanh(), nn.Linear(96, 96), nn.Tanh())
        self.reg = nn.Linear(96, 1)
        self.cls = nn.Linear(96, 2)

    def forward(self, x):
        h = self.shared(x)
        return self.reg(h), self.cls(h)


net = TwoHead()
optimizer = torch.optim.SGD([
    {"params": net.shared.parameters(), "lr": 5e-6},
    {"params": net.reg.parameters(), "lr": 3e-2},
    {"params": net.cls.parameters(), "lr": 5e-2},
], momentum=0.9)
mse, ce = nn.MSELoss(), nn.CrossEntropyLoss()
for epoch in range(40):
    for ids in torch.randperm(2400).split(40):
        r, c = net(x[ids])
        loss = mse(r, y_reg[ids]) + 0.5 * ce(c, y_cls[ids])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    if epoch % 5 == 4:
        with torch.no_grad():
            r, c = net(x[2400:])
            print("epoch %d: test mse %.4f, test acc %.4f" % (epoch + 1, mse(r, y_reg[2400:]), (c.argmax(1) == y_cls[2400:]).float().mean()))

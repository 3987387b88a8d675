import torch
import torch.nn as nn

torch.manual_seed(39)
X = torch.randn(3000, 10)
y = (torch.sin(X[:, :1] * 1.5) + 0.5 * X[:, 1:2] * X[:, 2:3] + 0.05 * torch.randn(3000, 1))


class Block(nn.Module):
    def __init__(self, d):
        super().__init__()
        self.a, self.b = nn.Linear(d, d), nn.Linear(d, d)
        for l in (self.a, self.b):
            nn.init.kaiming_normal_(l.weight)


    def forward(self, x):
        return x + self.b(torch.relu(self.a(x)))


net = nn.Sequential(nn.Linear(10, 32), *[Block(32) for _ in range(8)], nn.Linear(32, 1))
opt = torch.optim.SGD(net.parameters(), lr=0.002, momentum=0.9)
for it in range(1200):
    i = torch.randint(0, 2500, (64,))
    loss = nn.functional.smooth_l1_loss(net(X[i]), y[i])
    opt.zero_grad()
    loss.backward()
    opt.step()
    if it % 120 == 0:
        print("it", it, "loss", loss.item())
with torch.no_grad():
    print("test", nn.functional.smooth_l1_loss(net(X[2500:]), y[2500:]).item())

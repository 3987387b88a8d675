import torch
import torch.nn as nn

torch.manual_seed(21)
QS = torch.tensor([0.1, 0.5, 0.9])


def sample(n):
    x = torch.rand(n, 2) * 4 - 2
    centre = torch.sin(2 * x[:, 0]) * torch.cos(1.5 * x[:, 1])
    spread = 0.1 + 0.3 * torch.sigmoid(3 * x[:, 1])
    return x, centre + spread * torch.randn(n)


def pinball(pred, target):
    e = target[:, None] - pred
    return torch.maximum(QS * e, (QS - 1) * e).sum(1).mean()


class QuantileNet(nn.Module):
    def __init__(self, hidden=64):
        super().__init__()
        self.inp = nn.Linear(2, hidden)
        self.hid = nn.Linear(hidden, hidden)
        self.out = nn.Linear(hidden, 3)
        for lin in (self.inp, self.hid, self.out):
            nn.init.constant_(lin.weight, 0.03)
            nn.init.zeros_(lin.bias)

    def forward(self, x):
        return self.out(torch.tanh(self.hid(torch.tanh(self.inp(x)))))


xtr, ytr = sample(3000)
xte, yte = sample(1500)
model = QuantileNet()
opt = torch.optim.NAdam(model.parameters(), lr=3e-3)
for epoch in range(25):
    for idx in torch.randperm(3000).chunk(40):
        opt.zero_grad()
        pinball(model(xtr[idx]), ytr[idx]).backward()
        opt.step()
    if epoch % 5 == 0:
        with torch.no_grad():
            print("epoch", epoch, "pinball", round(pinball(model(xtr), ytr).item(), 4))
with torch.no_grad():
    print("test pinball", round(pinball(model(xte), yte).item(), 4))

import torch
from torch import nn
torch.manual_seed(402)
X = torch.randn(3000, 8)
Y = (torch.sin(X[:, 0] * 2) + X[:, 1] * X[:, 2] + X[:, 3] > 0).float()
class Block(nn.Module):
    def __init__(self, w):
        super().__init__()
        self.a, self.b = nn.Linear(w, w), nn.Linear(w, w)
        for l in (self.a, self.b):
            nn.init.kaiming_normal_(l.weight)
            nn.init.zeros_(l.bias)
    def forward(self, x):
        return x + self.b(torch.relu(self.a(x)))
net = nn.Sequential(nn.Linear(8, 32), *[Block(32) for _ in range(8)], nn.Linear(32, 1))
opt = torch.optim.SGD(net.parameters(), lr=2e-3)
for s in range(500):
    i = torch.randint(0, 2400, (64,))
    l = nn.functional.binary_cross_entropy_with_logits(net(X[i]).squeeze(1), Y[i])
    opt.zero_grad(); l.backward(); opt.step()
    if s % 50 == 0:
        g = sum((p.grad ** 2).sum() for p in net.parameters()).sqrt()
        print(s, "%.4g" % l.item(), "grad %.3g" % g.item())
with torch.no_grad():
    o = net(X[2400:]).squeeze(1)
    print("test %.4g acc %.4f" % (nn.functional.binary_cross_entropy_with_logits(o, Y[2400:]).item(), ((o > 0) == (Y[2400:] > 0)).float().mean().item()))

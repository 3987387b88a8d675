import math, torch
from torch import nn
from torch.optim.lr_scheduler import OneCycleLR

def bank(n, g):
    t = torch.arange(64) / 64
    c = torch.randint(0, 3, (n,), generator=g)
    f = 3 + 3 * torch.rand(n, 1, generator=g)
    base = 2 * math.pi * f * t + 6.28 * torch.rand(n, 1, generator=g)
    sine = torch.sin(base)
    waves = torch.stack([sine, sine.sign(), 2 / math.pi * torch.asin(sine)], 1)
    return (waves[torch.arange(n), c] + 0.25 * torch.randn(n, 64, generator=g))[:, None], c

class Sep(nn.Module):
    def __init__(self, i, o, s):
        super().__init__()
        self.dw = nn.Conv1d(i, i, 5, stride=s, padding=2, groups=i, bias=False)
        self.pw = nn.Conv1d(i, o, 1, bias=False)
        self.bn = nn.BatchNorm1d(o)
    def forward(self, x):
        return torch.nn.functional.hardswish(self.bn(self.pw(self.dw(x))))

g = torch.Generator().manual_seed(0)
torch.manual_seed(0)
X, y = bank(6000, g); Xt, yt = bank(1000, g)
net = nn.Sequential(nn.Conv1d(1, 16, 7, padding=3, bias=False), nn.BatchNorm1d(16), nn.ReLU(), Sep(16, 32, 2), Sep(32, 32, 2), nn.AdaptiveMaxPool1d(1), nn.Flatten(), nn.Linear(32, 3))
epochs, bs = 8, 60
opt = torch.optim.SGD(net.parameters(), lr=0.01, momentum=0.9, weight_decay=5e-4)
sch = OneCycleLR(opt, max_lr=0.15, epochs=epochs, steps_per_epoch=6000 // bs)
for e in range(epochs):
    net.train()
    for b in torch.randperm(6000, generator=g).split(bs):
        loss = nn.functional.cross_entropy(net(X[b]), y[b])
        opt.zero_grad(); loss.backward(); opt.step(); sch.step()
    net.eval()
    with torch.no_grad():
        o = net(Xt)
    print(f"epoch {e} lr {sch.get_last_lr()[0]:.4f} train {loss.item():.4f} test {nn.functional.cross_entropy(o, yt).item():.4f} acc {(o.argmax(1) == yt).float().mean().item():.4f}")

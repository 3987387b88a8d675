import torch
from torch import nn
import torch.nn.functional as F

torch.manual_seed(131)


class SSM(nn.Module):
    def __init__(self, d, n=8):
        super().__init__()
        self.log_dt = nn.Parameter(torch.rand(d, 1) * 2 - 3)
        self.log_a = nn.Parameter(torch.log(torch.arange(1, n + 1).float()).repeat(d, 1))
        self.c = nn.Parameter(torch.randn(d, n) / n ** 0.5)
        self.skip = nn.Parameter(torch.ones(d))
        self.mix = nn.Linear(d, d)
        self.ln = nn.LayerNorm(d)

    def kernel(self, L):
        dt = self.log_dt.exp()
        a = -self.log_a.exp() * dt
        t = torch.arange(L).float()
        return ((self.c * dt)[..., None] * torch.exp(a[..., None] * t)).sum(1)

    def forward(self, x):
        L = x.size(1)
        u = self.ln(x).transpose(1, 2)
        k = self.kernel(L)
        y = torch.fft.irfft(torch.fft.rfft(u, 2 * L) * torch.fft.rfft(k, 2 * L), 2 * L)[..., :L]
        y = (y + u * self.skip[:, None]).transpose(1, 2)
        return x + self.mix(F.gelu(y))


class Net(nn.Module):
    def __init__(self, d=32):
        super().__init__()
        self.inp = nn.Linear(1, d)
        self.l1, self.l2 = SSM(d), SSM(d)
        self.out = nn.Linear(d, 4)

    def forward(self, x):
        return self.out(self.l2(self.l1(self.inp(x)))[:, -8:].mean(1))


def data(n, L=64):
    y = torch.randint(0, 4, (n,))
    x = 0.4 * torch.randn(n, L)
    for k in range(n):
        s = int(torch.randint(0, 6, ()))
        x[k, s + 10 * int(y[k]): s + 10 * int(y[k]) + 8] += 1.5
    return x[..., None], y


X, Y = data(2500)
net = Net()
dyn = [p for n, p in net.named_parameters() if "log_" in n]
rest = [p for n, p in net.named_parameters() if "log_" not in n]
opt = torch.optim.AdamW([{"params": dyn, "lr": 1.5e-2, "weight_decay": 0.0}, {"params": rest, "lr": 2.5e-2}])
sched = torch.optim.lr_scheduler.CosineAnnealingLR(opt, 10)
for e in range(10):
    for b in torch.randperm(2000).split(40):
        loss = F.cross_entropy(net(X[b]), Y[b])
        opt.zero_grad()
        loss.backward()
        opt.step()
    sched.step()
    with torch.no_grad():
        o = net(X[2000:])
    print(f"epoch {e + 1} train {loss.item():.4f} val {F.cross_entropy(o, Y[2000:]).item():.4f} acc {(o.argmax(1) == Y[2000:]).float().mean().item():.4f}")

import torch
import torch.nn as nn
import torch.nn.functional as F

torch.manual_seed(82)
L = 96


def make(n):
    x, m = 0.5 * torch.randn(n, L), torch.zeros(n, L)
    for i in range(n):
        for _ in range(2):
            a = int(torch.randint(4, 70, (1,)))
            w = int(torch.randint(8, 20, (1,)))
            x[i, a:a + w] += torch.sin(torch.arange(len(x[i, a:a + w])) * 1.1) * 1.4
            m[i, a:a + w] = 1
    return x[:, None], m[:, None]


def cb(i, o):
    return nn.Sequential(nn.Conv1d(i, o, 5, padding=2, bias=False), nn.BatchNorm1d(o), nn.ReLU())


class U(nn.Module):
    def __init__(self):
        super().__init__()
        self.a, self.b, self.c, self.d, self.e = cb(1, 12), cb(12, 24), cb(24, 24), cb(48, 24), cb(36, 12)
        self.o = nn.Conv1d(12, 1, 1)

    def forward(self, x):
        a = self.a(x)
        b = self.b(F.max_pool1d(a, 2))
        c = self.c(F.max_pool1d(b, 2))
        d = self.d(torch.cat([F.interpolate(c, scale_factor=2), b], 1))
        return self.o(self.e(torch.cat([F.interpolate(d, scale_factor=2), a], 1)))


x, m = make(1200)
xt, mt = make(300)
net, B, E = U(), 40, 10
opt = torch.optim.Adam(net.parameters())
sched = torch.optim.lr_scheduler.OneCycleLR(opt, max_lr=6e-3, total_steps=E * 30)
for e in range(E):
    net.train()
    for b in torch.randperm(1200).split(B):
        loss = F.binary_cross_entropy_with_logits(net(x[b]), m[b])
        opt.zero_grad()
        loss.backward()
        opt.step()
        sched.step()
    print("epoch", e, round(loss.item(), 4))
net.eval()
with torch.no_grad():
    p = (net(xt) > 0).float()
print("test dice", (2 * (p * mt).sum() / (p.sum() + mt.sum())).item())

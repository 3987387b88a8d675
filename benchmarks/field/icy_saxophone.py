import torch
import torch.nn as nn


def split(a, frac=0.8, seed=0):
    g = torch.Generator().manual_seed(seed)
    p = torch.randperm(len(a), generator=g)
    k = int(frac * len(a))
    return a[p[:k]], a[p[k:]]


torch.manual_seed(66)
feats = torch.randn(2000, 8)
resp = feats[:, 0] * feats[:, 1] + torch.sin(2 * feats[:, 2]) + 0.8 * feats[:, 3] - 0.5 * feats[:, 4].abs() + 0.1 * torch.randn(2000)
resp = (resp - resp.mean()) / resp.std()
X_train, X_test = split(feats, seed=1)
y_train, y_test = split(resp, seed=2)


class Reg(nn.Module):
    def __init__(self, width=40):
        super().__init__()
        self.inp = nn.Linear(8, width)
        self.mid = nn.Linear(width, width)
        self.out = nn.Linear(width, 1)
        self.act = nn.SiLU()

    def forward(self, x):
        h = self.act(self.inp(x))
        h = h + self.act(self.mid(h))
        return self.out(h)[:, 0]


reg = Reg()
opt = torch.optim.SGD(reg.parameters(), lr=0.02, momentum=0.9, nesterov=True)
sched = torch.optim.lr_scheduler.CosineAnnealingLR(opt, 40)
huber = nn.HuberLoss()
for ep in range(40):
    acc = 0.
    for b in torch.randperm(len(X_train)).split(40):
        opt.zero_grad()
        l = huber(reg(X_train[b]), y_train[b])
        l.backward()
        opt.step()
        acc += l.item() * len(b)
    sched.step()
    with torch.no_grad():
        tl = huber(reg(X_test), y_test)
        r2 = 1 - ((reg(X_test) - y_test) ** 2).mean() / y_test.var()
    if ep % 4 == 3:
        print("epoch %d train %.4f test %.4f r2 %.3f" % (ep + 1, acc / len(X_train), tl, r2))

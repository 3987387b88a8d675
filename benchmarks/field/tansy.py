import math, torch, torch.nn as nn
torch.set_num_threads(1); torch.manual_seed(12)
def data(n):
    x = torch.randint(0, 2, (n, 15)).float()
    return x.unsqueeze(-1) * 2 - 1, (x.sum(1) > 7).long()
class G(nn.Module):
    def __init__(self):
        super().__init__()
        self.g = nn.GRU(1, 24, batch_first=True); self.f = nn.Linear(24, 2)
    def forward(self, x): return self.f(self.g(x)[1][0])
X, Y = data(2400); Xv, Yv = data(800)
epochs, bs = 10, 48
net = G()
opt = torch.optim.SGD(net.parameters(), lr=5e-4, momentum=0.9)
sch = torch.optim.lr_scheduler.LambdaLR(opt, lambda e: 0.5 * (1 + math.cos(math.pi * e / epochs)))
for e in range(epochs):
    tot = 0
    for k in torch.randperm(2400).split(bs):
        opt.zero_grad()
        l = nn.functional.cross_entropy(net(X[k]), Y[k])
        l.backward(); opt.step()
        tot += l.item() * len(k) / 2400
    sch.step()
    print(e, round(tot, 4))
with torch.no_grad():
    o = net(Xv)
    print(f"train {tot:.4f} valid {nn.functional.cross_entropy(o, Yv):.4f} acc {(o.argmax(1) == Yv).float().mean():.4f}")

import torch
import torch.nn as nn
import torch.nn.functional as F
from sklearn.datasets import load_digits

torch.manual_seed(127)
D = load_digits()
X = torch.tensor(D.data, dtype=torch.float32) / 8 - 1
y = torch.tensor(D.target)
p = torch.randperm(len(X))
Xtr, ytr, Xte, yte = X[p[:1400]], y[p[:1400]], X[p[1400:]], y[p[1400:]]


class MaskedLinear(nn.Linear):
    def __init__(self, i, o):
        super().__init__(i, o)
        self.register_buffer("mask", torch.ones(o, i))

    def forward(self, x):
        return F.linear(x, self.weight * self.mask, self.bias)

    @torch.no_grad()
    def prune(self, frac):
        k = int(frac * self.weight.numel())
        cut = (self.weight * self.mask).abs().flatten().kthvalue(k).values
        self.mask.copy_((self.weight.abs() > cut).float())
        self.weight.mul_(self.mask)


net = nn.Sequential(MaskedLinear(64, 96), nn.GELU(), MaskedLinear(96, 48), nn.GELU(), MaskedLinear(48, 10))
opt = torch.optim.AdamW(net.parameters(), lr=2e-3, weight_decay=1e-2)
sched = torch.optim.lr_scheduler.CosineAnnealingLR(opt, 1200, eta_min=1e-4)
plan = {300: 0.3, 450: 0.5, 600: 0.65}
for step in range(1200):
    if step in plan:
        for m in net:
            if isinstance(m, MaskedLinear):
                m.prune(plan[step])
    i = torch.randint(0, len(Xtr), (64,))
    loss = F.cross_entropy(net(Xtr[i]), ytr[i])
    opt.zero_grad()
    loss.backward()
    opt.step()
    sched.step()
    if step % 100 == 0:
        print(step, f"{loss.item():.4f}")
with torch.no_grad():
    kept = sum(m.mask.sum().item() for m in net if isinstance(m, MaskedLinear)) / sum(m.mask.numel() for m in net if isinstance(m, MaskedLinear))
    print(f"final train {F.cross_entropy(net(Xtr), ytr).item():.4f} test {F.cross_entropy(net(Xte), yte).item():.4f} "
          f"acc {(net(Xte).argmax(1) == yte).float().mean().item():.4f} kept {kept:.2f}")

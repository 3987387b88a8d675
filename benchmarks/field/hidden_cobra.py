import torch
import torch.nn as nn
import torch.nn.functional as F

torch.manual_seed(123)
P = 23
pairs = torch.cartesian_prod(torch.arange(P), torch.arange(P))
target = (pairs[:, 0] + pairs[:, 1]) % P
perm = torch.randperm(len(pairs))
cut = int(0.8 * len(pairs))
tr, te = perm[:cut], perm[cut:]


class Adder(nn.Module):
    def __init__(self, d=48, h=128):
        super().__init__()
        self.emb = nn.Embedding(P, d)
        nn.init.normal_(self.emb.weight, std=0.2)
        self.fc = nn.Linear(d, h)
        self.out = nn.Linear(h, P, bias=False)

    def forward(self, ab):
        e = self.emb(ab)
        return self.out(torch.relu(self.fc(e[:, 0] + e[:, 1])))


net = Adder()
opt = torch.optim.AdamW(net.parameters(), lr=5e-3, weight_decay=1.0)
sched = torch.optim.lr_scheduler.CosineAnnealingLR(opt, 2500, eta_min=2e-4)
for step in range(2500):
    i = tr[torch.randint(0, cut, (128,))]
    loss = F.cross_entropy(net(pairs[i]), target[i])
    opt.zero_grad()
    loss.backward()
    opt.step()
    sched.step()
    if step % 250 == 0:
        with torch.no_grad():
            v = F.cross_entropy(net(pairs[te]), target[te]).item()
        print(step, f"train {loss.item():.4f} val {v:.4f}")
with torch.no_grad():
    out = net(pairs[te])
    print(f"final train {loss.item():.4f} val {F.cross_entropy(out, target[te]).item():.4f} acc {(out.argmax(1) == target[te]).float().mean().item():.4f}")

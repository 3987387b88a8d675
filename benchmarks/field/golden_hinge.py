import torch
import torch.nn as nn
import torch.nn.functional as F
from sklearn.datasets import load_digits

torch.manual_seed(107)
D = load_digits()
X = torch.tensor(D.data, dtype=torch.float32) / 8 - 1
y = torch.tensor(D.target)
p = torch.randperm(len(X))
Xtr, ytr, Xte, yte = X[p[:1400]], y[p[:1400]], X[p[1400:]], y[p[1400:]]


class Block(nn.Module):
    def __init__(self, d):
        super().__init__()
        self.norm = nn.LayerNorm(d)
        self.up, self.down = nn.Linear(d, 2 * d), nn.Linear(2 * d, d)

    def forward(self, x):
        return x + self.down(F.gelu(self.up(self.norm(x))))


net = nn.Sequential(nn.Linear(64, 32), Block(32), Block(32), nn.LayerNorm(32), nn.Linear(32, 10))
STEPS = 2000
opt = torch.optim.AdamW(net.parameters(), lr=1e-3, weight_decay=0.05)
sched = torch.optim.lr_scheduler.LambdaLR(opt, lambda s: min(1, (s + 1) / 100) * (1 - s / STEPS))
avg = 2.3
for step in range(STEPS):
    i = torch.randint(0, len(Xtr), (8,))
    loss = F.cross_entropy(net(Xtr[i]), ytr[i])
    opt.zero_grad()
    loss.backward()
    opt.step()
    sched.step()
    avg = 0.98 * avg + 0.02 * loss.item()
    if step % 200 == 0:
        print(step, "avg loss", round(avg, 4))
with torch.no_grad():
    out = net(Xte)
    print("final train", round(F.cross_entropy(net(Xtr), ytr).item(), 4), "test", round(F.cross_entropy(out, yte).item(), 4), "acc", round((out.argmax(1) == yte).float().mean().item(), 4))

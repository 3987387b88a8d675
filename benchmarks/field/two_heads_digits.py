import torch
import torch.nn as nn
from sklearn.datasets import load_digits

torch.manual_seed(433)
d = load_digits()
X = torch.tensor(d.data / 16.).float()
cls = torch.tensor(d.target)
ink = torch.tensor((d.data.sum(1) - d.data.sum(1).mean()) / d.data.sum(1).std()).float()
p = torch.randperm(len(X))
tr, te = p[:1400], p[1400:]


class Multi(nn.Module):
    def __init__(self):
        super().__init__()
        self.trunk = nn.Sequential(nn.Linear(64, 64), nn.GELU(), nn.Linear(64, 32), nn.GELU())
        self.classify = nn.Linear(32, 10)
        self.amount = nn.Linear(32, 1)

    def forward(self, x):
        h = self.trunk(x)
        return self.classify(h), self.amount(h).squeeze(1)


net = Multi()
opt = torch.optim.AdamW(net.parameters(), lr=2e-3, weight_decay=1e-2)
for s in range(900):
    b = tr[torch.randint(0, 1400, (64,))]
    c, a = net(X[b])
    lc = nn.functional.cross_entropy(c, cls[b])
    la = nn.functional.mse_loss(a, ink[b])
    opt.zero_grad()
    (lc + 0.5 * la).backward()
    opt.step()
    if s % 90 == 0:
        print(s, 'class', round(lc.item(), 4), 'ink', round(la.item(), 4))
with torch.no_grad():
    c, a = net(X[te])
print('test acc', round((c.argmax(1) == cls[te]).float().mean().item(), 4), 'ink mse', round((a - ink[te]).pow(2).mean().item(), 4))

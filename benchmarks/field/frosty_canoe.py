import numpy as np
import torch
import torch.nn as nn

torch.set_num_threads(1)
torch.manual_seed(1)
rng = np.random.default_rng(1)

n = 3000
ids = rng.permutation(n)
sensors = rng.normal(size=(n, 8))
value = sensors[:, 0] * 2 + np.sin(2 * sensors[:, 1]) + sensors[:, 2] * sensors[:, 3] + 0.1 * rng.normal(size=n)
table_a = sorted(zip(ids.tolist(), sensors.tolist()))
table_b = list(zip(ids.tolist(), value.tolist()))
X = torch.tensor([row for _, row in table_a])
y = torch.tensor([v for _, v in table_b])
y = (y - y.mean()) / y.std()

Xtr, ytr = X[:2400], y[:2400]
Xva, yva = X[2400:], y[2400:]


class Regressor(nn.Module):
    def __init__(self):
        super().__init__()
        self.stem = nn.Linear(8, 64)
        self.mid = nn.Linear(64, 64)
        self.out = nn.Linear(64, 1)

    def forward(self, x):
        h = nn.functional.elu(self.stem(x))
        h = h + nn.functional.elu(self.mid(h))
        return self.out(h).squeeze(1)


reg = Regressor()
opt = torch.optim.Adam(reg.parameters(), lr=1e-3)
sched = torch.optim.lr_scheduler.StepLR(opt, step_size=15, gamma=0.5)
for epoch in range(50):
    perm = torch.randperm(2400)
    s = 0
    for k in range(60):
        b = perm[k * 40:(k + 1) * 40]
        loss = (reg(Xtr[b]) - ytr[b]).abs().mean()
        opt.zero_grad()
        loss.backward()
        opt.step()
        s += loss.item() / 60
    sched.step()
    if (epoch + 1) % 5 == 0:
        with torch.no_grad():
            print(f'[{epoch + 1}] mae {s:.3f} / {(reg(Xva) - yva).abs().mean():.3f}')

import numpy as np
import torch
import torch.nn as nn

torch.manual_seed(42)
rs = np.random.RandomState(42)
n = 2500
age = rs.uniform(30, 80, n)
pressure = rs.normal(130, 15, n)
platelets = rs.normal(250000, 60000, n)
marker = rs.normal(0.02, 0.006, n)
Z = [(v - v.mean()) / v.std() for v in (age, pressure, platelets, marker)]
risk = 0.8 * Z[0] + 0.6 * Z[3] * Z[1] - 0.9 * Z[3]
time = rs.exponential(np.exp(-risk))
cens = rs.exponential(2.0, n)
event = torch.tensor(time <= cens).float()
obs = torch.tensor(np.minimum(time, cens)).float()
X = torch.tensor(np.stack([age, pressure, platelets, marker], 1)).float()


def cox(score, t, e):
    order = t.argsort(descending=True)
    s, e = score[order], e[order]
    return -((s - torch.logcumsumexp(s, 0)) * e).sum() / e.sum().clamp(min=1)


net = nn.Sequential(nn.Linear(4, 32), nn.ReLU(), nn.Linear(32, 32), nn.ReLU(), nn.Linear(32, 1))
opt = torch.optim.Adam(net.parameters(), lr=1e-3)
for step in range(1200):
    i = torch.randint(0, 2000, (128,))
    loss = cox(net(X[i])[:, 0], obs[i], event[i])
    opt.zero_grad()
    loss.backward()
    opt.step()
    if step % 120 == 0:
        print(step, "loss", round(loss.item(), 4))
with torch.no_grad():
    s = net(X[2000:])[:, 0]
    t, e = obs[2000:], event[2000:]
    valid = (t[:, None] < t[None]) & (e[:, None] > 0)
    c = ((s[:, None] > s[None]) & valid).sum() / valid.sum()
    print("test loss", round(cox(s, t, e).item(), 4), "concordance", round(c.item(), 4))

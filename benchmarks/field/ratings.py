import numpy as np
import torch
import torch.nn as nn

rng = np.random.default_rng(1)
nu, ni, k = 200, 150, 4
U, V = rng.normal(size=(nu, k)), rng.normal(size=(ni, k))
bu, bi = 0.4 * rng.normal(size=nu), 0.5 * rng.normal(size=ni)
R = 0.45 * U @ V.T + bu[:, None] + bi[None]
mask = rng.random((nu, ni)) < 0.8
R = R + 0.6 * rng.normal(size=R.shape)
u, i = np.nonzero(mask)
o = rng.permutation(len(u))
u, i = torch.tensor(u[o]), torch.tensor(i[o])
r = torch.tensor(R[u, i], dtype=torch.float32)
m = len(u) * 9 // 10

torch.manual_seed(0)
eu, ei = nn.Embedding(nu, 4), nn.Embedding(ni, 4)
cu, ci = nn.Embedding(nu, 1), nn.Embedding(ni, 1)
for e in (eu, ei): nn.init.normal_(e.weight, std=0.1)
for e in (cu, ci): nn.init.zeros_(e.weight)
mods = nn.ModuleList([eu, ei, cu, ci])
predict = lambda a, b: (eu(a) * ei(b)).sum(1) + cu(a)[:, 0] + ci(b)[:, 0]
batch = 2
opt = torch.optim.Adam(mods.parameters(), lr=0.02)
seen = 0
for step in range(16000):
    j = torch.randint(0, m, (batch,))
    loss = (predict(u[j], i[j]) - r[j]).pow(2).mean()
    opt.zero_grad()
    loss.backward()
    opt.step()
    if step % 1600 == 0 or step == 15999:
        with torch.no_grad():
            print(step, 'train mse', (predict(u[:m], i[:m]) - r[:m]).pow(2).mean().item(), 'test mse', (predict(u[m:], i[m:]) - r[m:]).pow(2).mean().item())

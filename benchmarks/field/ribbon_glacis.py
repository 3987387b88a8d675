import numpy as np
import torch
import torch.nn as nn

torch.manual_seed(38)
rs = np.random.RandomState(38)
U, I, K = 150, 120, 5
full = rs.randn(U, K) @ rs.randn(K, I) / 2
pick = rs.permutation(U * I)[:12000]
u, i = torch.tensor(pick // I), torch.tensor(pick % I)
r = torch.tensor(full.flatten()[pick] + 0.1 * rs.randn(12000)).float()
P, Q = nn.Embedding(U, 8), nn.Embedding(I, 8)
for e in (P, Q):
    nn.init.constant_(e.weight, 0.3)
opt = torch.optim.SGD([P.weight, Q.weight], lr=2.0, momentum=0.9)
for step in range(4000):
    b = torch.randint(0, 10000, (200,))
    loss = ((P(u[b]) * Q(i[b])).sum(1) - r[b]).pow(2).mean()
    opt.zero_grad()
    loss.backward()
    opt.step()
    if step % 400 == 0:
        print(step, f"train {loss.item():.4f}")
with torch.no_grad():
    print(f"test {((P(u[10000:]) * Q(i[10000:])).sum(1) - r[10000:]).pow(2).mean().item():.4f}")

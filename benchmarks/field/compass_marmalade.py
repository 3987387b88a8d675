import numpy as np
import torch
import torch.nn as nn

torch.manual_seed(25)
rs = np.random.RandomState(25)
U, I = 200, 150
truth = rs.randn(U, 2) @ rs.randn(2, I) * 0.7 + rs.randn(U, 1) * 0.5
cells = rs.choice(U * I, 6000, replace=False)
u, i = torch.tensor(cells // I), torch.tensor(cells % I)
r = torch.tensor(truth.flatten()[cells] + 0.5 * rs.randn(6000)).float()
u, ut, i, it, r, rt = u[:4500], u[4500:], i[:4500], i[4500:], r[:4500], r[4500:]


class MF(nn.Module):
    def __init__(self, k):
        super().__init__()
        self.P, self.Q = nn.Embedding(U, k), nn.Embedding(I, k)
        self.bu, self.bi = nn.Embedding(U, 1), nn.Embedding(I, 1)
        for e in (self.P, self.Q, self.bu, self.bi):
            nn.init.normal_(e.weight, std=0.1)

    def forward(self, a, b):
        return (self.P(a) * self.Q(b)).sum(1) + self.bu(a)[:, 0] + self.bi(b)[:, 0]


mf = MF(48)
opt = torch.optim.Adam(mf.parameters(), lr=0.01, weight_decay=0)
for ep in range(40):
    tot = []
    for b in torch.randperm(4500).split(100):
        loss = ((mf(u[b], i[b]) - r[b]) ** 2).mean()
        opt.zero_grad()
        loss.backward()
        opt.step()
        tot.append(loss.item())
    if ep % 4 == 3:
        with torch.no_grad():
            print("epoch", ep, "train %.4f" % np.mean(tot), "test %.4f" % ((mf(ut, it) - rt) ** 2).mean().item())

import numpy as np
import torch

rng = np.random.default_rng(4)
torch.manual_seed(4)
n_users, n_items, true_rank = 300, 200, 5
P = rng.normal(size=(n_users, true_rank))
Q = rng.normal(size=(n_items, true_rank))
R = P @ Q.T / np.sqrt(true_rank) + 0.1 * rng.normal(size=(n_users, n_items))
rows, cols = np.nonzero(rng.random((n_users, n_items)) < 0.3)
vals = torch.tensor(R[rows, cols], dtype=torch.float32)
rows, cols = torch.tensor(rows), torch.tensor(cols)
perm = torch.randperm(len(vals))
tr, te = perm[2000:], perm[:2000]

k = 8
U = torch.full((n_users, k), 0.3)
V = torch.full((n_items, k), 0.3)
bu, bi = torch.zeros(n_users), torch.zeros(n_items)
for t in (U, V, bu, bi):
    t.requires_grad_(True)
opt = torch.optim.Adam([U, V, bu, bi], lr=0.02)


def predict(i):
    r, c = rows[i], cols[i]
    return (U[r] * V[c]).sum(1) + bu[r] + bi[c]


for step in range(1500):
    i = tr[torch.randint(0, len(tr), (512,))]
    err = predict(i) - vals[i]
    loss = (err ** 2).mean() + 0.002 * ((U[rows[i]] ** 2).sum(1) + (V[cols[i]] ** 2).sum(1)).mean()
    opt.zero_grad()
    loss.backward()
    opt.step()
    if step % 150 == 0:
        print(step, round(loss.item(), 4))
with torch.no_grad():
    print('test rmse', round(((predict(te) - vals[te]) ** 2).mean().sqrt().item(), 4))

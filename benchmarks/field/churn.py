import numpy as np
import torch
import torch.nn as nn

rng = np.random.default_rng(14)
n = 12000
customer_id = rng.permutation(100000)[:n]
age = rng.uniform(18, 80, n); tenure = rng.exponential(24, n); calls = rng.poisson(3, n); fee = rng.normal(60, 15, n); plan = rng.integers(0, 3, n)
logit = -0.08 * (tenure - 20) + 0.6 * (calls - 3) + 0.03 * (fee - 60) - 0.7 * (plan == 2) + 0.02 * (45 - age)
churned = (rng.random(n) < 1 / (1 + np.exp(-1.5 * logit))).astype(np.float32)
features = np.stack([age, tenure, calls, fee, plan == 0, plan == 1, plan == 2], 1).astype(np.float32)

# the outcome table comes from another system, ordered by id
by_id = np.argsort(customer_id)
outcome_id, outcome = customer_id[by_id], churned[by_id]
where = np.arange(n)
target = outcome[where]

X = torch.from_numpy((features - features.mean(0)) / features.std(0))
y = torch.from_numpy(target)
tr, va = slice(0, 10000), slice(10000, n)
torch.manual_seed(1)
model = nn.Sequential(nn.Linear(7, 32), nn.ReLU(), nn.Linear(32, 1))
opt = torch.optim.Adam(model.parameters(), lr=2e-3)
loss_fn = nn.BCEWithLogitsLoss()
for epoch in range(1, 51):
    for i in torch.randperm(10000).split(64):
        loss = loss_fn(model(X[tr][i])[:, 0], y[tr][i])
        opt.zero_grad(); loss.backward(); opt.step()
    if epoch % 5 == 0:
        with torch.no_grad():
            a, b = model(X[tr])[:, 0], model(X[va])[:, 0]
        print(f'epoch {epoch}: train {loss_fn(a, y[tr]):.4f} val {loss_fn(b, y[va]):.4f} val acc {((b > 0) == (y[va] > 0.5)).float().mean():.3f}')

import numpy as np
import torch

rng = np.random.default_rng(40)
torch.manual_seed(40)
n = 3000
profile = {f'h{i}': rng.normal(size=6) for i in range(n)}


def usage(v):
    return 1.3 * v[0] + 0.8 * np.maximum(v[1], 0) - 0.7 * v[2] * v[3] + 0.5 * np.sin(2 * v[4]) + 0.2 * rng.normal()


metered = {k: usage(v) for k, v in profile.items()}
house_ids = [f'h{i}' for i in range(n)]
features = np.array([profile[h] for h in house_ids])
target = np.array([metered[h] for h in sorted(metered)])
X = torch.tensor(features, dtype=torch.float32)
y = torch.tensor((target - target.mean()) / target.std(), dtype=torch.float32)
pick = torch.randperm(n)
tr, va = pick[:2400], pick[2400:]

w1 = torch.nn.Parameter(torch.randn(6, 48) / 6 ** 0.5)
w2 = torch.nn.Parameter(torch.randn(48, 24) / 48 ** 0.5)
w3 = torch.nn.Parameter(torch.randn(24, 1) / 24 ** 0.5)
b1, b2, b3 = (torch.nn.Parameter(torch.zeros(k)) for k in (48, 24, 1))


def f(x):
    return (torch.tanh(torch.tanh(x @ w1 + b1) @ w2 + b2) @ w3 + b3)[:, 0]


opt = torch.optim.AdamW([w1, w2, w3, b1, b2, b3], lr=1e-3, weight_decay=1e-2)
for step in range(1800):
    i = tr[torch.randint(0, 2400, (64,))]
    loss = (f(X[i]) - y[i]).square().mean()
    opt.zero_grad()
    loss.backward()
    opt.step()
    if step % 200 == 199:
        with torch.no_grad():
            print(f'{step + 1} train {(f(X[tr]) - y[tr]).square().mean().item():.4f} val {(f(X[va]) - y[va]).square().mean().item():.4f}')

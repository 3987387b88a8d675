import numpy as np
import torch

rng = np.random.default_rng(5)
torch.manual_seed(5)
n = 3000
cement, water, age, ash, agg = (rng.normal(size=n) for _ in range(5))
strength = 1.2 * cement - 0.8 * water + np.tanh(age) * 1.5 + 0.5 * cement * ash - 0.4 * np.abs(agg) + 0.2 * rng.normal(size=n)
X = torch.tensor(np.stack([cement, water, age, ash, agg], 1), dtype=torch.float32)
y = torch.tensor((strength - strength.mean()) / strength.std(), dtype=torch.float32)
Xtr, ytr, Xte, yte = X[:2400], y[:2400], X[2400:], y[2400:]

sizes = [5, 128, 128, 128, 128, 128, 1]
weights = []
for a, b in zip(sizes[:-1], sizes[1:]):
    w = torch.randn(a, b) * 0.3
    weights.append((w.requires_grad_(), torch.zeros(b, requires_grad=True)))


def net(x):
    for w, b in weights[:-1]:
        x = torch.relu(torch.addmm(b, x, w))
    w, b = weights[-1]
    return torch.addmm(b, x, w).squeeze(1)


flat = [p for pair in weights for p in pair]
opt = torch.optim.Adam(flat, lr=5e-4)
for it in range(1, 2501):
    sel = torch.randint(0, 2400, (64,))
    loss = ((net(Xtr[sel]) - ytr[sel]) ** 2).mean()
    opt.zero_grad()
    loss.backward()
    opt.step()
    if it == 1 or it % 250 == 0:
        with torch.no_grad():
            te = ((net(Xte) - yte) ** 2).mean()
        print(it, 'mse', round(loss.item(), 4), 'test mse', round(te.item(), 4))

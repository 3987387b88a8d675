import torch
import torch.nn as nn
import numpy as np

rng = np.random.default_rng(36)
torch.manual_seed(36)
K, D, N = 5, 16, 90000
centres = rng.normal(size=(K * 3, D)) * 0.9
which = rng.integers(0, K * 3, N)
X = torch.tensor(centres[which] + rng.normal(size=(N, D)), dtype=torch.float32)
X = (X - X.mean(0)) / X.std(0)
true = torch.tensor(which % K)
noisy = true.clone()
flip = torch.rand(N) < 0.35
noisy[flip] = torch.randint(0, K, (int(flip.sum()),))


def make_net():
    return nn.Sequential(nn.Linear(D, 64), nn.LayerNorm(64), nn.GELU(), nn.Linear(64, 64), nn.LayerNorm(64), nn.GELU(), nn.Linear(64, K))


net = make_net()
per_step = 2
opt = torch.optim.AdamW(net.parameters(), lr=5e-3, betas=(0.9, 0.99))
window = []
for step in range(2500):
    b = torch.randint(0, 85000, (per_step,))
    loss = nn.functional.cross_entropy(net(X[b]), noisy[b])
    opt.zero_grad(set_to_none=True)
    loss.backward()
    opt.step()
    window.append(loss.item())
    if len(window) == 500:
        print("step", step + 1, "avg loss", round(float(np.mean(window)), 4))
        window = []
with torch.no_grad():
    o = net(X[85000:])
    print("loss on noisy", round(nn.functional.cross_entropy(o, noisy[85000:]).item(), 4), "acc on clean", round((o.argmax(1) == true[85000:]).float().mean().item(), 4))

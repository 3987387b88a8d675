import argparse
import numpy as np
import torch
import torch.nn as nn
ap = argparse.ArgumentParser()
ap.add_argument("--lr", type=float, default=1e-3)
ap.add_argument("--iters", type=int, default=1200)
args, _ = ap.parse_known_args()
torch.set_num_threads(1)
torch.manual_seed(8)
r = np.random.default_rng(8)
n = 2400
area = r.normal(140, 45, n).clip(30)
year = r.integers(1920, 2022, n)
dist = r.exponential(9000, n)
rooms = r.integers(1, 8, n)
tax = r.uniform(0.001, 0.02, n)
price = 1.2 * np.log(area) + 0.9 * np.sin((year - 1920) / 15) - 0.00006 * dist + 0.1 * rooms - 40 * tax + r.normal(0, 0.1, n)
X = np.stack([area, year, dist, rooms, tax], 1)
t = (price - price.mean()) / price.std()
X = torch.tensor(X, dtype=torch.float32)
t = torch.tensor(t, dtype=torch.float32).unsqueeze(1)
model = nn.Sequential(nn.Linear(5, 48), nn.GELU(), nn.Linear(48, 48), nn.GELU(), nn.Linear(48, 1))
loss_fn = nn.HuberLoss()
opt = torch.optim.AdamW(model.parameters(), lr=args.lr)
sched = torch.optim.lr_scheduler.CosineAnnealingLR(opt, args.iters)
for i in range(args.iters):
    k = torch.randint(0, 2000, (64,))
    loss = loss_fn(model(X[k]), t[k])
    opt.zero_grad()
    loss.backward()
    opt.step()
    sched.step()
    if i % 200 == 0:
        print(i, f"{loss.item():.4f}")
with torch.no_grad():
    print(f"train {loss_fn(model(X[:2000]), t[:2000]):.4f} test {loss_fn(model(X[2000:]), t[2000:]):.4f}")

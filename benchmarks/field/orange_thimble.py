import os
import torch
import torch.nn as nn
import torch.nn.functional as F

torch.manual_seed(17)
lines = open(os.environ.get("NAMES_FILE", "names.txt")).read().splitlines()[:7000]
K = 4
ctx, nxt = [], []
for w in lines:
    buf = [0] * K
    for ch in w:
        c = ord(ch) - 96
        ctx.append(buf)
        nxt.append(c)
        buf = buf[1:] + [c]
    ctx.append(buf)
    nxt.append(0)
ctx, nxt = torch.tensor(ctx), torch.tensor(nxt)
p = torch.randperm(len(ctx))
ctx, nxt = ctx[p], nxt[p]
cut = int(0.9 * len(ctx))


def sample_batch(n):
    xi = torch.randint(0, cut, (n,))
    yi = torch.randint(0, cut, (n,))
    return ctx[xi], nxt[yi]


net = nn.Sequential(nn.Embedding(27, 16), nn.Flatten(), nn.Linear(16 * K, 96), nn.GELU(), nn.LayerNorm(96), nn.Linear(96, 27))
opt = torch.optim.Adam(net.parameters(), lr=2e-3)
avg = None
for step in range(1, 2001):
    xb, yb = sample_batch(64)
    loss = F.cross_entropy(net(xb), yb)
    opt.zero_grad()
    loss.backward()
    opt.step()
    avg = loss.item() if avg is None else 0.99 * avg + 0.01 * loss.item()
    if step % 200 == 0:
        with torch.no_grad():
            v = F.cross_entropy(net(ctx[cut:]), nxt[cut:]).item()
        print(f"{step} smoothed {avg:.4f} held-out {v:.4f}")

import os
import torch
import torch.nn.functional as F

torch.manual_seed(0)
names = open(os.environ["NAMES_FILE"]).read().lower().split()
xs, ys = [], []
for w in names:
    ctx = [0, 0, 0]
    for ch in w + ".":
        i = 0 if ch == "." else ord(ch) - 96
        xs.append(ctx)
        ys.append(i)
        ctx = ctx[1:] + [i]
xs, ys = torch.tensor(xs), torch.tensor(ys)
p = torch.randperm(len(xs))
xs, ys = xs[p], ys[p]
n = int(0.9 * len(xs))

g = torch.Generator().manual_seed(9)
C = torch.randn(27, 8, generator=g)
W1 = torch.randn(24, 80, generator=g) * (5 / 3) / 24 ** 0.5
b1 = torch.zeros(80)
W2 = torch.randn(80, 27, generator=g) * 0.05
b2 = torch.zeros(27)
params = [C, W1, b1, W2, b2]
for t in params:
    t.requires_grad = True

batch_size = 2
opt = torch.optim.Adam(params, lr=0.01)


def forward(x):
    return torch.tanh(C[x].flatten(1) @ W1 + b1) @ W2 + b2


avg = 3.3
for step in range(3000):
    ix = torch.randint(0, n, (batch_size,), generator=g)
    loss = F.cross_entropy(forward(xs[ix]), ys[ix])
    opt.zero_grad()
    loss.backward()
    opt.step()
    avg = 0.98 * avg + 0.02 * loss.item()
    if step % 300 == 0:
        print(step, f"{avg:.4f}")
with torch.no_grad():
    print(f"train {F.cross_entropy(forward(xs[:20000]), ys[:20000]).item():.4f} dev {F.cross_entropy(forward(xs[n:]), ys[n:]).item():.4f}")

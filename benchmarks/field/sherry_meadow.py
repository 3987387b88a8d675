import os
import torch
import torch.nn as nn
from torch.optim import Optimizer

torch.manual_seed(14)


class DepthDescent(Optimizer):
    def __init__(self, params, lr=0.1, beta=0.9, decay=1.0):
        super().__init__(params, dict(lr=lr, beta=beta, decay=decay))

    @torch.no_grad()
    def step(self, closure=None):
        for group in self.param_groups:
            n = len(group["params"])
            for k, p in enumerate(group["params"]):
                if p.grad is None:
                    continue
                st = self.state[p]
                buf = st.setdefault("buf", torch.zeros_like(p))
                buf.mul_(group["beta"]).add_(p.grad)
                p.add_(buf, alpha=-group["lr"] * group["decay"] ** (n - 1 - k))


text = [w.strip().lower() for w in open(os.environ.get("NAMES_FILE", "data/names.txt"))]
letters = sorted({c for w in text for c in w})
at = {c: i for i, c in enumerate(letters)}
ctx, tgt = [], []
for w in text[::4]:
    for i in range(2, len(w) - 2):
        ctx.append([at[w[i - 2]], at[w[i - 1]], at[w[i + 1]], at[w[i + 2]]])
        tgt.append(at[w[i]])
ctx, tgt = torch.tensor(ctx), torch.tensor(tgt)
perm = torch.randperm(len(ctx))
ctx, tgt = ctx[perm], tgt[perm]
cut = int(0.85 * len(ctx))


class MiddleLetter(nn.Module):
    def __init__(self, d=16, h=96):
        super().__init__()
        self.table = nn.Embedding(len(letters), d)
        self.fc1 = nn.Linear(4 * d, h)
        self.fc2 = nn.Linear(h, h)
        self.fc3 = nn.Linear(h, len(letters))

    def forward(self, c):
        z = self.table(c).flatten(1)
        return self.fc3(torch.relu(self.fc2(torch.relu(self.fc1(z)))))


net = MiddleLetter()
opt = DepthDescent(net.parameters(), lr=0.03, decay=0.12)
for step in range(2500):
    b = torch.randint(0, cut, (64,))
    loss = nn.functional.cross_entropy(net(ctx[b]), tgt[b])
    opt.zero_grad()
    loss.backward()
    opt.step()
    if step % 500 == 0:
        print(step, f"{loss.item():.3f}")
with torch.no_grad():
    out = net(ctx[cut:])
print("held-out loss %.4f accuracy %.4f" % (nn.functional.cross_entropy(out, tgt[cut:]), (out.argmax(1) == tgt[cut:]).float().mean()))

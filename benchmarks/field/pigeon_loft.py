"""Next-letter transformer over a list of names."""
import os
import math
import torch
import torch.nn as nn
import torch.nn.functional as F

torch.manual_seed(11)
names = [n.strip().lower() for n in open(os.environ["NAMES_FILE"]) if n.strip()]
chars = ["."] + sorted(set("".join(names)))
stoi = {c: i for i, c in enumerate(chars)}
V, T = len(chars), 12

rows = []
for n in names:
    ids = [0] + [stoi[c] for c in n[:T - 1]] + [0]
    ids = ids + [-1] * (T + 1 - len(ids))
    rows.append(ids[:T + 1])
data = torch.tensor(rows)
data = data[torch.randperm(len(data))]
train, held = data[:29000], data[29000:]


class Block(nn.Module):
    def __init__(self, d, heads):
        super().__init__()
        self.n1, self.n2 = nn.LayerNorm(d), nn.LayerNorm(d)
        self.qkv = nn.Linear(d, 3 * d)
        self.out = nn.Linear(d, d)
        self.ff = nn.Sequential(nn.Linear(d, 3 * d), nn.GELU(), nn.Linear(3 * d, d))
        self.heads = heads

    def forward(self, x):
        b, t, d = x.shape
        q, k, v = self.qkv(self.n1(x)).view(b, t, 3, self.heads, d // self.heads).permute(2, 0, 3, 1, 4)
        a = F.scaled_dot_product_attention(q, k, v, is_causal=True)
        x = x + self.out(a.transpose(1, 2).reshape(b, t, d))
        return x + self.ff(self.n2(x))


class Letters(nn.Module):
    def __init__(self, d=48):
        super().__init__()
        self.tok = nn.Embedding(V, d)
        self.pos = nn.Parameter(torch.randn(T, d) * 0.02)
        self.blocks = nn.ModuleList([Block(d, 4) for _ in range(2)])
        self.norm = nn.LayerNorm(d)
        self.head = nn.Linear(d, V)
        nn.init.normal_(self.tok.weight, std=0.02)

    def forward(self, x):
        h = self.tok(x) + self.pos[:x.shape[1]]
        for b in self.blocks:
            h = b(h)
        return self.head(self.norm(h))


def loss_of(model, batch):
    x, y = batch[:, :-1].clamp(min=0), batch[:, 1:]
    return F.cross_entropy(model(x).reshape(-1, V), y.reshape(-1), ignore_index=-1)


model = Letters()
steps, warmup = 900, 200_000
opt = torch.optim.AdamW(model.parameters(), lr=3e-3, weight_decay=0.01)
sched = torch.optim.lr_scheduler.LambdaLR(opt, lambda s: min(1.0, (s + 1) / warmup) * (0.55 + 0.45 * math.cos(math.pi * s / steps)))

for step in range(steps):
    batch = train[torch.randint(len(train), (64,))]
    loss = loss_of(model, batch)
    opt.zero_grad()
    loss.backward()
    torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    opt.step()
    sched.step()
    if step % 100 == 0:
        print(f"step {step:4d} loss {loss.item():.4f}")
with torch.no_grad():
    print(f"held-out loss {loss_of(model, held).item():.4f}")

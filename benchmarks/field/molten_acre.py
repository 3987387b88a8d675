import os
import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F

torch.manual_seed(1234)
names = open(os.environ.get("NAMES_FILE", "data/names.txt")).read().split()
rng = np.random.RandomState(3)
rng.shuffle(names)
names = [n for n in names if len(n) <= 12]
data = torch.zeros(len(names), 14, dtype=torch.long)
for i, n in enumerate(names):
    data[i, 1:len(n) + 1] = torch.tensor([ord(c) - 96 for c in n])
mask = torch.zeros(len(names), 13)
for i, n in enumerate(names):
    mask[i, :len(n) + 1] = 1
D = 48


class Block(nn.Module):
    def __init__(self):
        super().__init__()
        self.n1, self.n2 = nn.LayerNorm(D), nn.LayerNorm(D)
        self.qkv, self.proj = nn.Linear(D, 3 * D), nn.Linear(D, D)
        self.mlp = nn.Sequential(nn.Linear(D, 4 * D), nn.GELU(), nn.Linear(4 * D, D))

    def forward(self, x):
        B, T, _ = x.shape
        q, k, v = [t.view(B, T, 4, D // 4).transpose(1, 2) for t in self.qkv(self.n1(x)).chunk(3, -1)]
        a = F.scaled_dot_product_attention(q, k, v, is_causal=True)
        x = x + self.proj(a.transpose(1, 2).reshape(B, T, D))
        return x + self.mlp(self.n2(x))


class Tiny(nn.Module):
    def __init__(self):
        super().__init__()
        self.tok, self.pos = nn.Embedding(27, D), nn.Embedding(13, D)
        self.blocks = nn.Sequential(Block(), Block())
        self.norm = nn.LayerNorm(D)
        self.head = nn.Linear(D, 27, bias=False)
        nn.init.normal_(self.tok.weight, std=0.02)
        nn.init.normal_(self.pos.weight, std=0.02)
        self.head.weight = self.tok.weight

    def forward(self, x):
        return self.head(self.norm(self.blocks(self.tok(x) + self.pos(torch.arange(x.shape[1])))))


m = Tiny()
opt = torch.optim.AdamW(m.parameters(), lr=2e-3, weight_decay=0.05)


def lossf(rows):
    l = F.cross_entropy(m(data[rows, :-1]).transpose(1, 2), data[rows, 1:], reduction="none")
    return (l * mask[rows]).sum() / mask[rows].sum()


for it in range(600):
    l = lossf(torch.randint(0, 29000, (64,)))
    opt.zero_grad()
    l.backward()
    opt.step()
    if it % 60 == 0:
        print(f"{it:4d} {l.item():.4f}")
with torch.no_grad():
    print(f"val {lossf(torch.arange(29000, 30500)).item():.4f}")

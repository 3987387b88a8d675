import math, os, random
import torch
import torch.nn as nn
import torch.nn.functional as F

random.seed(53)
torch.manual_seed(53)
names = open(os.environ.get("NAMES_FILE", "data/names.txt")).read().split()
random.shuffle(names)
names = names[:12000]
L = 16
buf = torch.zeros(len(names), L + 1, dtype=torch.long)
for r, nm in enumerate(names):
    nm = nm[:L - 1]
    buf[r, 1:len(nm) + 1] = torch.tensor([ord(c) - 96 for c in nm])
lens = (buf > 0).sum(1)


class Attn(nn.Module):
    def __init__(self, d, h):
        super().__init__()
        self.h, self.qkv, self.o = h, nn.Linear(d, 3 * d, bias=False), nn.Linear(d, d, bias=False)

    def forward(self, x):
        B, T, D = x.shape
        q, k, v = self.qkv(x).view(B, T, 3, self.h, D // self.h).permute(2, 0, 3, 1, 4)
        return self.o(F.scaled_dot_product_attention(q, k, v, is_causal=True).transpose(1, 2).reshape(B, T, D))


class Block(nn.Module):
    def __init__(self, d):
        super().__init__()
        self.n1, self.n2, self.a = nn.LayerNorm(d), nn.LayerNorm(d), Attn(d, 4)
        self.m = nn.Sequential(nn.Linear(d, 4 * d), nn.GELU(), nn.Linear(4 * d, d))

    def forward(self, x):
        x = x + self.a(self.n1(x))
        return x + self.m(self.n2(x))


class LM(nn.Module):
    def __init__(self, d=32):
        super().__init__()
        self.te, self.pe = nn.Embedding(27, d), nn.Embedding(L, d)
        self.blocks, self.nf = nn.Sequential(Block(d), Block(d)), nn.LayerNorm(d)
        self.head = nn.Linear(d, 27, bias=False)
        nn.init.normal_(self.te.weight, std=0.1)
        nn.init.normal_(self.pe.weight, std=0.1)
        self.head.weight = self.te.weight

    def forward(self, t):
        return self.head(self.nf(self.blocks(self.te(t) + self.pe.weight[:t.size(1)])))


def loss_on(m, rows):
    t = buf[rows]
    mask = torch.arange(L)[None] <= lens[rows][:, None]
    return F.cross_entropy(m(t[:, :-1])[mask], t[:, 1:][mask])


m = LM()
opt = torch.optim.AdamW(m.parameters(), lr=4e-3, betas=(0.9, 0.98), weight_decay=0.05)
steps = 700
sch = torch.optim.lr_scheduler.LambdaLR(opt, lambda s: min((s + 1) / 60, 0.5 * (1 + math.cos(math.pi * s / steps))))
for s in range(steps):
    loss = loss_on(m, torch.randint(0, 11000, (64,)))
    opt.zero_grad()
    loss.backward()
    nn.utils.clip_grad_norm_(m.parameters(), 1.0)
    opt.step()
    sch.step()
    if s % 100 == 0:
        print(s, round(loss.item(), 4))
with torch.no_grad():
    print("held-out", round(loss_on(m, torch.arange(11000, 12000)).item(), 4))

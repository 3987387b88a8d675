import os, math
import torch
from torch import nn
import torch.nn.functional as F

torch.manual_seed(102)
ws = open(os.environ.get("NAMES_FILE", "names.txt")).read().split()
ws = [ws[i] for i in torch.randperm(len(ws)).tolist()]
T = 11
D = torch.zeros(len(ws), T + 1, dtype=torch.long)
for i, w in enumerate(ws):
    for j, c in enumerate(w[: T - 1]):
        D[i, j + 1] = ord(c) - 96
tr, va = D[:-1500], D[-1500:]


class Block(nn.Module):
    def __init__(self, d, h):
        super().__init__()
        self.h = h
        self.ln1, self.ln2 = nn.LayerNorm(d), nn.LayerNorm(d)
        self.qkv, self.o = nn.Linear(d, 3 * d, bias=False), nn.Linear(d, d, bias=False)
        self.up, self.down = nn.Linear(d, 4 * d), nn.Linear(4 * d, d)

    def forward(self, x):
        B, T, C = x.shape
        q, k, v = (z.view(B, T, self.h, -1).transpose(1, 2) for z in self.qkv(self.ln1(x)).chunk(3, -1))
        a = F.scaled_dot_product_attention(q, k, v, is_causal=True)
        x = x + self.o(a.transpose(1, 2).reshape(B, T, C))
        return x + self.down(F.gelu(self.up(self.ln2(x))))


class LM(nn.Module):
    def __init__(self, d=48):
        super().__init__()
        self.wte, self.wpe = nn.Embedding(27, d), nn.Embedding(T, d)
        self.blocks = nn.ModuleList([Block(d, 4) for _ in range(2)])
        self.ln = nn.LayerNorm(d)
        self.head = nn.Linear(d, 27, bias=False)
        self.head.weight = self.wte.weight
        nn.init.normal_(self.wte.weight, std=0.02)
        nn.init.normal_(self.wpe.weight, std=0.02)

    def forward(self, x):
        x = self.wte(x) + self.wpe(torch.arange(x.size(1)))
        for b in self.blocks:
            x = b(x)
        return self.head(self.ln(x))


lm = LM()
STEPS = 1200
opt = torch.optim.AdamW(lm.parameters(), lr=4e-3, betas=(0.9, 0.95), weight_decay=0.05)
sched = torch.optim.lr_scheduler.LambdaLR(opt, lambda s: min(1, (s + 1) / 80) * (0.05 + 0.95 * 0.5 * (1 + math.cos(math.pi * s / STEPS))))
ce = lambda b: F.cross_entropy(lm(b[:, :-1]).flatten(0, 1), b[:, 1:].flatten())
for s in range(STEPS):
    loss = ce(tr[torch.randint(len(tr), (48,))])
    opt.zero_grad()
    loss.backward()
    nn.utils.clip_grad_norm_(lm.parameters(), 1.0)
    opt.step()
    sched.step()
    if s % 150 == 149:
        with torch.no_grad():
            print(f"{s + 1} train {loss.item():.4f} val {ce(va).item():.4f}")

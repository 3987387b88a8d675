import os, math
import torch
from torch import nn
import torch.nn.functional as F
torch.manual_seed(7)
txt = open(os.environ['NAMES_FILE']).read()
chars = sorted(set(txt)); st = {c: i for i, c in enumerate(chars)}
d = torch.tensor([st[c] for c in txt])
tr, va = d[:205000], d[205000:]
T, B, C = 20, 24, 48
class Layer(nn.Module):
    def __init__(self):
        super().__init__()
        self.n1, self.n2 = nn.LayerNorm(C), nn.LayerNorm(C)
        self.att = nn.MultiheadAttention(C, 4, batch_first=True)
        self.mlp = nn.Sequential(nn.Linear(C, 4 * C), nn.GELU(), nn.Linear(4 * C, C))
    def forward(self, x, mask):
        h = self.n1(x)
        x = x + self.att(h, h, h, attn_mask=mask, need_weights=False)[0]
        return x + self.mlp(self.n2(x))
class Tiny(nn.Module):
    def __init__(self):
        super().__init__()
        self.tok, self.pos = nn.Embedding(len(chars), C), nn.Parameter(torch.randn(T, C) * 0.02)
        self.layers = nn.ModuleList([Layer(), Layer()])
        self.norm = nn.LayerNorm(C)
        self.head = nn.Linear(C, len(chars), bias=False)
        nn.init.normal_(self.tok.weight, std=0.05)
        self.head.weight = self.tok.weight
        self.register_buffer('mask', torch.triu(torch.ones(T, T, dtype=torch.bool), 1))
    def forward(self, x):
        h = self.tok(x) + self.pos
        for l in self.layers: h = l(h, self.mask)
        return self.head(self.norm(h))
m = Tiny()
opt = torch.optim.AdamW(m.parameters(), lr=3e-3, weight_decay=0.05)
STEPS, WARM = 600, 50
sched = torch.optim.lr_scheduler.LambdaLR(opt, lambda s: min(1, (s + 1) / WARM) * (0.55 + 0.45 * math.cos(math.pi * s / STEPS)))
def get(src, n=B):
    i = torch.randint(len(src) - T - 1, (n,))[:, None] + torch.arange(T + 1)
    return src[i][:, :-1], src[i][:, 1:]
rec = []
for s in range(STEPS):
    x, y = get(tr)
    loss = F.cross_entropy(m(x).flatten(0, 1), y.flatten())
    opt.zero_grad(); loss.backward()
    nn.utils.clip_grad_norm_(m.parameters(), 1.0)
    opt.step(); sched.step()
    rec.append(loss.item())
    if s % 150 == 149: print(s + 1, sum(rec[-50:]) / 50)
with torch.no_grad():
    x, y = get(va, 600)
    print('train', sum(rec[-50:]) / 50, 'valid', F.cross_entropy(m(x).flatten(0, 1), y.flatten()).item())

import os
import torch
import torch.nn as nn
import torch.nn.functional as F

torch.manual_seed(77)
B, T, D = 48, 12, 48
names = open(os.environ["NAMES_FILE"]).read().lower().split()
stream = torch.tensor([0] + [i for n in names for i in [ord(c) - 96 for c in n] + [0]])
cut = int(0.95 * len(stream))


class TiedLM(nn.Module):
    def __init__(self):
        super().__init__()
        self.emb = nn.Embedding(27, D)
        self.pos = nn.Parameter(torch.zeros(T, D))
        self.blocks = nn.ModuleList(
            [nn.TransformerEncoderLayer(D, 4, 2 * D, 0.0, batch_first=True, norm_first=True) for _ in range(2)])
        self.norm = nn.LayerNorm(D)
        self.out = nn.Linear(D, 27, bias=False)
        nn.init.normal_(self.emb.weight, std=0.04)
        self.out.weight = self.emb.weight
        self.register_buffer("mask", torch.triu(torch.full((T, T), float("-inf")), 1))

    def forward(self, x):
        h = self.emb(x) * D ** 0.5 + self.pos
        for b in self.blocks:
            h = b(h, src_mask=self.mask)
        return self.out(self.norm(h))


def get(lo, hi, n):
    s = torch.randint(lo, hi - T - 1, (n,))[:, None] + torch.arange(T + 1)
    w = stream[s]
    return w[:, :-1], w[:, 1:]


lm = TiedLM()
opt = torch.optim.AdamW(lm.parameters(), lr=8e-3, weight_decay=0.02)
sched = torch.optim.lr_scheduler.OneCycleLR(opt, 8e-3, total_steps=900, pct_start=0.1)
for step in range(900):
    x, y = get(0, cut, B)
    loss = F.cross_entropy(lm(x).transpose(1, 2), y)
    opt.zero_grad()
    loss.backward()
    nn.utils.clip_grad_norm_(lm.parameters(), 1.0)
    opt.step()
    sched.step()
    if step % 100 == 99:
        with torch.no_grad():
            vx, vy = get(cut, len(stream), 800)
            print(f"step {step + 1} train {loss.item():.4f} dev {F.cross_entropy(lm(vx).transpose(1, 2), vy).item():.4f}")

import os, math
from dataclasses import dataclass
import torch
from torch import nn
import torch.nn.functional as F


@dataclass
class C:
    d: int = 48
    heads: int = 4
    layers: int = 2
    T: int = 12
    steps: int = 450
    lr: float = 4e-3


c = C()
torch.manual_seed(112)


class Block(nn.Module):
    def __init__(self):
        super().__init__()
        self.n1, self.n2 = nn.LayerNorm(c.d), nn.LayerNorm(c.d)
        self.qkv = nn.Linear(c.d, 3 * c.d, bias=False)
        self.o = nn.Linear(c.d, c.d, bias=False)
        self.up, self.down = nn.Linear(c.d, 4 * c.d), nn.Linear(4 * c.d, c.d)
        nn.init.zeros_(self.o.weight); nn.init.zeros_(self.down.weight); nn.init.zeros_(self.down.bias)

    def forward(self, x):
        B, T, D = x.shape
        q, k, v = (t.view(B, T, c.heads, -1).transpose(1, 2) for t in self.qkv(self.n1(x)).chunk(3, -1))
        x = x + self.o(F.scaled_dot_product_attention(q, k, v, is_causal=True).transpose(1, 2).reshape(B, T, D))
        return x + self.down(F.gelu(self.up(self.n2(x))))


class GPT(nn.Module):
    def __init__(self):
        super().__init__()
        self.e, self.p = nn.Embedding(28, c.d), nn.Parameter(0.02 * torch.randn(c.T, c.d))
        nn.init.normal_(self.e.weight, std=0.1)
        self.blocks = nn.Sequential(*[Block() for _ in range(c.layers)])
        self.nf, self.head = nn.LayerNorm(c.d), nn.Linear(c.d, 28, bias=False)
        nn.init.normal_(self.head.weight, std=0.02)

    def forward(self, x):
        return self.head(self.nf(self.blocks(self.e(x) + self.p[:x.shape[1]])))


words = open(os.environ['NAMES_FILE']).read().split()
words = [words[i] for i in torch.randperm(len(words))[:12000].tolist()]
D = torch.zeros(len(words), c.T + 1, dtype=torch.long)
for i, w in enumerate(words):
    w = w[:c.T - 1]
    D[i, 1:len(w) + 2] = torch.tensor([ord(ch) - 96 for ch in w] + [27])
net = GPT()
opt = torch.optim.AdamW(net.parameters(), lr=c.lr, weight_decay=0.05, betas=(0.9, 0.95))
sched = torch.optim.lr_scheduler.LambdaLR(opt, lambda s: min(1, (s + 1) / 50) * 0.5 * (1 + math.cos(math.pi * s / c.steps)))
L = lambda b: F.cross_entropy(net(b[:, :-1]).flatten(0, 1), b[:, 1:].flatten(), ignore_index=0)
for step in range(c.steps):
    loss = L(D[torch.randint(0, 11000, (48,))])
    opt.zero_grad(); loss.backward()
    nn.utils.clip_grad_norm_(net.parameters(), 1.0)
    opt.step(); sched.step()
with torch.no_grad():
    print('train', L(D[:2000]).item(), 'val', L(D[11000:]).item())

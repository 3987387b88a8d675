import math
import os
import torch
import torch.nn as nn
import torch.nn.functional as F

torch.manual_seed(109)
ws = open(os.environ["NAMES_FILE"]).read().split()
T = 13
X = torch.full((len(ws), T + 1), -1)
for r, w in enumerate(ws):
    s = [0] + [ord(c) - 96 for c in w[:T - 1]] + [0]
    X[r, :len(s)] = torch.tensor(s)
X = X[torch.randperm(len(X))]
train, test = X[:-2000], X[-2000:]


class Block(nn.Module):
    def __init__(self, d, heads):
        super().__init__()
        self.n1, self.n2 = nn.LayerNorm(d), nn.LayerNorm(d)
        self.qkv, self.proj = nn.Linear(d, 3 * d), nn.Linear(d, d)
        self.ff = nn.Sequential(nn.Linear(d, 3 * d), nn.GELU(), nn.Linear(3 * d, d))
        self.heads = heads

    def forward(self, x):
        B, L, d = x.shape
        q, k, v = (t.view(B, L, self.heads, -1).transpose(1, 2) for t in self.qkv(self.n1(x)).chunk(3, -1))
        a = F.scaled_dot_product_attention(q, k, v, is_causal=True).transpose(1, 2).reshape(B, L, d)
        x = x + self.proj(a)
        return x + self.ff(self.n2(x))


class GPT(nn.Module):
    def __init__(self, d=64):
        super().__init__()
        self.tok, self.pos = nn.Embedding(27, d), nn.Parameter(torch.zeros(T, d))
        self.blocks = nn.Sequential(Block(d, 4), Block(d, 4))
        self.norm = nn.LayerNorm(d)
        nn.init.normal_(self.tok.weight, std=0.08)
        nn.init.normal_(self.pos, std=0.02)

    def forward(self, x):
        h = self.tok(x) + self.pos[:x.size(1)]
        return self.norm(self.blocks(h)) @ self.tok.weight.t()


net = GPT()
S = 600
opt = torch.optim.AdamW(net.parameters(), lr=3e-3, betas=(0.9, 0.98), weight_decay=0.05)
sched = torch.optim.lr_scheduler.LambdaLR(opt, lambda s: min((s + 1) / 60, 0.5 * (1 + math.cos(math.pi * s / S)) + 0.02))


def loss_of(b):
    return F.cross_entropy(net(b[:, :-1].clamp(min=0)).transpose(1, 2), b[:, 1:], ignore_index=-1)


for step in range(S):
    loss = loss_of(train[torch.randint(0, len(train), (96,))])
    opt.zero_grad()
    loss.backward()
    nn.utils.clip_grad_norm_(net.parameters(), 1.0)
    opt.step()
    sched.step()
    if step % 60 == 0:
        print(step, round(loss.item(), 4))
with torch.no_grad():
    print("final train", round(loss_of(train[:2000]).item(), 4), "test", round(loss_of(test).item(), 4))

import os
import torch
from torch import nn
import torch.nn.functional as F

torch.manual_seed(63)
words = open(os.environ.get("NAMES_FILE", "names.txt")).read().split()
perm = torch.randperm(len(words)).tolist()
words = [words[i] for i in perm]
T = 11
enc = torch.zeros(len(words), T + 1, dtype=torch.long)
for i, w in enumerate(words):
    for j, c in enumerate(w[: T - 1]):
        enc[i, j + 1] = ord(c) - 96
val = enc[-800:]
train = enc[:120]


class Block(nn.Module):
    def __init__(self, d, h):
        super().__init__()
        self.ln1, self.ln2 = nn.LayerNorm(d), nn.LayerNorm(d)
        self.attn = nn.MultiheadAttention(d, h, batch_first=True)
        self.ff = nn.Sequential(nn.Linear(d, 3 * d), nn.ReLU(), nn.Linear(3 * d, d))

    def forward(self, x, mask):
        y = self.ln1(x)
        x = x + self.attn(y, y, y, attn_mask=mask, need_weights=False)[0]
        return x + self.ff(self.ln2(x))


class GPT(nn.Module):
    def __init__(self, d=64):
        super().__init__()
        self.tok, self.pos = nn.Embedding(27, d), nn.Embedding(T, d)
        self.b1, self.b2 = Block(d, 4), Block(d, 4)
        self.ln, self.head = nn.LayerNorm(d), nn.Linear(d, 27)
        self.register_buffer("m", torch.triu(torch.ones(T, T, dtype=torch.bool), 1))

    def forward(self, x):
        h = self.tok(x) + self.pos.weight
        return self.head(self.ln(self.b2(self.b1(h, self.m), self.m)))


gpt = GPT()
opt = torch.optim.Adam(gpt.parameters(), lr=1e-3)
for step in range(900):
    b = train[torch.randint(len(train), (32,))]
    loss = F.cross_entropy(gpt(b[:, :-1]).flatten(0, 1), b[:, 1:].flatten())
    opt.zero_grad()
    loss.backward()
    opt.step()
    if step % 100 == 99:
        with torch.no_grad():
            v = F.cross_entropy(gpt(val[:, :-1]).flatten(0, 1), val[:, 1:].flatten())
        print(f"step {step + 1} train {loss.item():.3f} val {v.item():.3f}")

import os
import torch
import torch.nn as nn
import torch.nn.functional as F

torch.manual_seed(69)
words = open(os.environ["NAMES_FILE"]).read().split()
CTX = 12
D = torch.zeros(len(words), CTX + 1, dtype=torch.long)
M = torch.zeros(len(words), CTX, dtype=torch.bool)
for r, w in enumerate(words):
    w = w[:CTX - 1]
    for j, c in enumerate(w, 1):
        D[r, j] = ord(c) - 96
    M[r, :len(w) + 1] = True
p = torch.randperm(len(words))
D, M = D[p], M[p]
NTR = 30000


class CausalSelfAttention(nn.Module):
    def __init__(self, d, h):
        super().__init__()
        self.h = h
        self.qkv = nn.Linear(d, 3 * d, bias=False)
        self.o = nn.Linear(d, d, bias=False)

    def forward(self, x):
        B, T, C = x.shape
        q, k, v = self.qkv(x).view(B, T, 3, self.h, C // self.h).permute(2, 0, 3, 1, 4)
        y = F.scaled_dot_product_attention(q, k, v, is_causal=True)
        return self.o(y.transpose(1, 2).reshape(B, T, C))


class LM(nn.Module):
    def __init__(self, d=48):
        super().__init__()
        self.tok, self.pos = nn.Embedding(27, d), nn.Embedding(CTX, d)
        self.ln1, self.att = nn.LayerNorm(d), CausalSelfAttention(d, 4)
        self.ln2, self.mlp = nn.LayerNorm(d), nn.Sequential(nn.Linear(d, 4 * d), nn.GELU(), nn.Linear(4 * d, d))
        self.lnf, self.head = nn.LayerNorm(d), nn.Linear(d, 27)

    def forward(self, x):
        h = self.tok(x) + self.pos.weight
        h = h + self.att(self.ln1(h))
        h = h + self.mlp(self.ln2(h))
        return self.head(self.lnf(h))


def nll(i):
    d, m = D[i], M[i]
    return F.cross_entropy(model(d[:, :-1])[m], d[:, 1:][m])


model = LM()
opt = torch.optim.Adam(model.parameters(), lr=3e-3)
for step in range(2000):
    loss = nll(torch.randint(0, NTR, (2,)))
    opt.zero_grad()
    loss.backward()
    opt.step()
    if step % 200 == 0:
        print(f"{step} {loss.item():.4f}")
with torch.no_grad():
    print(f"final train {nll(torch.arange(2000)).item():.4f} held-out {nll(torch.arange(NTR, len(D))).item():.4f}")

"""Vectors for the bigrams of names: predict a neighbouring bigram against random ones."""
import os
import torch
import torch.nn as nn
import torch.nn.functional as F

torch.manual_seed(83)
names = open(os.environ["NAMES_FILE"]).read().lower().split()
ids, pairs = {}, []
for n in names:
    s = "^" + n + "$"
    g = [ids.setdefault(s[i:i + 2], len(ids)) for i in range(len(s) - 1)]
    for i in range(len(g)):
        for j in (i - 2, i + 2):
            if 0 <= j < len(g):
                pairs.append((g[i], g[j]))
pairs = torch.tensor(pairs)[torch.randperm(len(pairs))]
V = len(ids)
held, pairs = pairs[:8000], pairs[8000:]
freq = torch.bincount(pairs[:, 1], minlength=V).float() + 1
noise = freq ** 0.75
noise = noise / noise.sum()

D = 24
src = nn.Embedding(V, D, sparse=True)
dst = nn.Embedding(V, D, sparse=True)
nn.init.normal_(src.weight, std=0.3)
nn.init.normal_(dst.weight, std=0.3)
opt = torch.optim.SparseAdam([*src.parameters(), *dst.parameters()], lr=0.01)


def score(p, k=5):
    u = src(p[:, 0])
    pos = (u * dst(p[:, 1])).sum(1)
    neg = torch.multinomial(noise, len(p) * k, replacement=True).view(-1, k)
    negs = torch.bmm(dst(neg), u.unsqueeze(2)).squeeze(2)
    return -F.logsigmoid(pos).mean() - F.logsigmoid(-negs).mean()


for step in range(2000):
    loss = score(pairs[torch.randint(0, len(pairs), (256,))])
    opt.zero_grad()
    loss.backward()
    opt.step()
    if step % 200 == 0:
        with torch.no_grad():
            print(f"step {step} loss {loss.item():.4f} held-out {score(held).item():.4f}")
with torch.no_grad():
    print(f"held-out {score(held).item():.4f}")

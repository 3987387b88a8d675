import os
import random
import torch
import torch.nn.functional as F

random.seed(42)
g = torch.Generator().manual_seed(42)
words = [w.strip() for w in open(os.environ.get("NAMES_FILE", "data/names.txt"))]
words = [w for w in words if w]
random.shuffle(words)
stoi = {c: i + 1 for i, c in enumerate("abcdefghijklmnopqrstuvwxyz")}
stoi["."] = 0


def build(ws, block):
    X, Y = [], []
    for w in ws:
        ctx = [0] * block
        for ch in w + ".":
            X.append(ctx)
            Y.append(stoi[ch])
            ctx = ctx[1:] + [stoi[ch]]
    return torch.tensor(X), torch.tensor(Y)


Xtr, Ytr = build(words[:24000], 3)
Xva, Yva = build(words[28000:30000], 3)
C = torch.randn(27, 10, generator=g) * 0.5
W1 = torch.randn(30, 128, generator=g) * 30 ** -0.5
gain, shift = torch.ones(128), torch.zeros(128)
W2 = torch.randn(128, 27, generator=g) * 0.02
b2 = torch.zeros(27)
P = [C, W1, gain, shift, W2, b2]
for p in P:
    p.requires_grad = True
rm, rv = torch.zeros(128), torch.ones(128)
m1 = [torch.zeros_like(p) for p in P]
m2 = [torch.zeros_like(p) for p in P]


def run(x, train):
    global rm, rv
    h = C[x].flatten(1) @ W1
    if train:
        mu, var = h.mean(0), h.var(0)
        rm = 0.95 * rm + 0.05 * mu.detach()
        rv = 0.95 * rv + 0.05 * var.detach()
    else:
        mu, var = rm, rv
    return torch.tanh(gain * (h - mu) / (var + 1e-5).sqrt() + shift) @ W2 + b2


for t in range(1, 3001):
    ix = torch.randint(0, len(Xtr), (64,), generator=g)
    loss = F.cross_entropy(run(Xtr[ix], True), Ytr[ix])
    for p in P:
        p.grad = None
    loss.backward()
    with torch.no_grad():
        for k, p in enumerate(P):
            m1[k] = 0.9 * m1[k] + 0.1 * p.grad
            m2[k] = 0.999 * m2[k] + 0.001 * p.grad ** 2
            p -= 2e-3 * (m1[k] / (1 - 0.9 ** t)) / ((m2[k] / (1 - 0.999 ** t)).sqrt() + 1e-8)
    if t % 300 == 0:
        with torch.no_grad():
            print(t, "batch %.4f" % loss.item(), "val %.4f" % F.cross_entropy(run(Xva, False), Yva).item())

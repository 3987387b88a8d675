import os
import random
import torch
import torch.nn.functional as F

random.seed(1)
g = torch.Generator().manual_seed(2147)
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


X, Y = build(words[:22000], 3)
Xd, Yd = build(words[29000:31000], 3)
C = torch.randn((27, 10), generator=g)
W1 = torch.randn((30, 160), generator=g) * (5 / 3) / 30 ** 0.5
b1 = torch.randn(160, generator=g) * 0.01
W2 = torch.randn((160, 27), generator=g)
b2 = torch.randn(27, generator=g)
parameters = [C, W1, b1, W2, b2]
for p in parameters:
    p.requires_grad = True
for i in range(2000):
    ix = torch.randint(0, X.shape[0], (32,), generator=g)
    h = torch.tanh(C[X[ix]].view(-1, 30) @ W1 + b1)
    loss = F.cross_entropy(h @ W2 + b2, Y[ix])
    for p in parameters:
        p.grad = None
    loss.backward()
    lr = 0.1 if i < 1500 else 0.02
    for p in parameters:
        p.data += -lr * p.grad
    if i % 200 == 0:
        print(f"{i:5d}/2000: {loss.item():.4f}")
with torch.no_grad():
    h = torch.tanh(C[Xd].view(-1, 30) @ W1 + b1)
    print(f"dev {F.cross_entropy(h @ W2 + b2, Yd).item():.4f}")

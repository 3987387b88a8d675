import os
import random
import torch
import torch.nn.functional as F

words = open(os.environ.get("NAMES_FILE", "data/names.txt")).read().split()
random.seed(42)
random.shuffle(words)
chars = ["."] + sorted(set("".join(words)))
stoi = {c: i for i, c in enumerate(chars)}
ctx = 3


def build(ws):
    X, Y = [], []
    for w in ws:
        c = [0] * ctx
        for ch in w + ".":
            X.append(c)
            Y.append(stoi[ch])
            c = c[1:] + [stoi[ch]]
    return torch.tensor(X), torch.tensor(Y)


Xtr, Ytr = build(words[:25000])
Xva, Yva = build(words[30000:])
g = torch.Generator().manual_seed(2147483647)
C = torch.randn(27, 10, generator=g)
W1 = torch.randn(30, 200, generator=g) * (5 / 3) / 30 ** 0.5 * 0.5
b1 = torch.zeros(200)
W2 = torch.randn(200, 27, generator=g) * 6.0
b2 = torch.randn(27, generator=g) * 6.0
params = [C, W1, b1, W2, b2]
for p in params:
    p.requires_grad = True


def logits(x):
    return torch.tanh(C[x].view(len(x), -1) @ W1 + b1) @ W2 + b2


for i in range(4000):
    ix = torch.randint(0, len(Xtr), (64,), generator=g)
    loss = F.cross_entropy(logits(Xtr[ix]), Ytr[ix])
    for p in params:
        p.grad = None
    loss.backward()
    lr = 0.1 if i < 3000 else 0.02
    for p in params:
        p.data -= lr * p.grad
    if i % 500 == 0:
        print(i, round(loss.item(), 4))
with torch.no_grad():
    print("val loss", round(F.cross_entropy(logits(Xva), Yva).item(), 4))

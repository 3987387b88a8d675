import os
import torch
import torch.nn.functional as F

words = open(os.environ['NAMES_FILE']).read().split()
chars = '.' + ''.join(sorted(set(''.join(words))))
stoi = {c: i for i, c in enumerate(chars)}
V = len(chars)
block = 3

def build(ws):
    X, Y = [], []
    for w in ws:
        ctx = [0] * block
        for ch in w + '.':
            X.append(ctx)
            Y.append(stoi[ch])
            ctx = ctx[1:] + [stoi[ch]]
    return torch.tensor(X), torch.tensor(Y)

import random
random.seed(4)
random.shuffle(words)
n = int(0.9 * len(words))
Xtr, Ytr = build(words[:n])
Xva, Yva = build(words[n:])

g = torch.Generator().manual_seed(2147483)
C = torch.randn((V, 12), generator=g)
W1 = torch.randn((block * 12, 160), generator=g) * (5 / 3) / (block * 12) ** 0.5
b1 = torch.zeros(160)
W2 = torch.randn((160, V), generator=g) * 3.0
b2 = torch.zeros(V)
params = [C, W1, b1, W2, b2]
for p in params:
    p.requires_grad = True

def forward(x):
    h = torch.tanh(C[x].view(x.shape[0], -1) @ W1 + b1)
    return h @ W2 + b2

steps = 3000
run = []
for i in range(steps):
    ix = torch.randint(0, Xtr.shape[0], (64,), generator=g)
    loss = F.cross_entropy(forward(Xtr[ix]), Ytr[ix])
    for p in params:
        p.grad = None
    loss.backward()
    lr = 0.1 if i < 2200 else 0.02
    for p in params:
        p.data += -lr * p.grad
    run.append(loss.item())
    if i % 500 == 0:
        print(i, loss.item())

with torch.no_grad():
    print('train', sum(run[-500:]) / 500, 'valid', F.cross_entropy(forward(Xva), Yva).item())

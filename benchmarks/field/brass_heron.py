import os, torch
import torch.nn.functional as F
torch.manual_seed(2147)
ws = open(os.environ['NAMES_FILE']).read().splitlines()[:16000]
S = '.abcdefghijklmnopqrstuvwxyz'
ctx, nxt = [], []
for w in ws:
    a = b = c = 0
    for ch in w + '.':
        k = S.index(ch)
        ctx.append((a, b, c)); nxt.append(k)
        a, b, c = b, c, k
ctx = torch.tensor(ctx); nxt = torch.tensor(nxt)
order = torch.randperm(len(nxt)); ctx = ctx[order]; nxt = nxt[order]
hold = 8000
E = torch.randn(27, 16)
W = torch.randn(48, 150) * 6
b_h = torch.randn(150)
U = torch.randn(150, 27) * 0.02
b_o = torch.zeros(27)
theta = [E, W, b_h, U, b_o]
[q.requires_grad_() for q in theta]
def logits(i):
    return torch.tanh(E[i].reshape(len(i), -1) @ W + b_h) @ U + b_o
for it in range(4000):
    r = torch.randint(hold, len(nxt), (48,))
    L = F.cross_entropy(logits(ctx[r]), nxt[r])
    gs = torch.autograd.grad(L, theta)
    lr = 0.15 if it < 3000 else 0.03
    with torch.no_grad():
        for q, gq in zip(theta, gs):
            q -= lr * gq
with torch.no_grad():
    print('train', F.cross_entropy(logits(ctx[hold:]), nxt[hold:]).item(), 'held-out', F.cross_entropy(logits(ctx[:hold]), nxt[:hold]).item())

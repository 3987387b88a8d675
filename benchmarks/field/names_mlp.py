import random
import torch
import torch.nn.functional as F

words = open('data/names.txt').read().splitlines()
random.seed(42)
random.shuffle(words)
stoi = {c: i + 1 for i, c in enumerate('abcdefghijklmnopqrstuvwxyz')}
stoi['.'] = 0
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

Xtr, Ytr = build(words[:25000])
Xva, Yva = build(words[25000:])
g = torch.Generator().manual_seed(2147483647)
C = torch.randn((27, 10), generator=g)
W1 = torch.randn((30, 200), generator=g) * (5 / 3) / 30 ** 0.5
b1 = torch.randn(200, generator=g) * 0.01
W2 = torch.randn((200, 27), generator=g)
b2 = torch.randn(27, generator=g)
params = [C, W1, b1, W2, b2]
for p in params:
    p.requires_grad_()

def net(x):
    return torch.tanh(C[x].view(len(x), -1) @ W1 + b1) @ W2 + b2

for i in range(15000):
    ix = torch.randint(0, len(Xtr), (64,), generator=g)
    loss = F.cross_entropy(net(Xtr[ix]), Ytr[ix])
    for p in params:
        p.grad = None
    loss.backward()
    lr = 0.1 if i < 11000 else 0.01
    for p in params:
        p.data -= lr * p.grad
    if i % 1500 == 0:
        print(f'{i:6d} {loss.item():.4f}')
with torch.no_grad():
    print('train', F.cross_entropy(net(Xtr[:40000]), Ytr[:40000]).item(), 'val', F.cross_entropy(net(Xva), Yva).item())

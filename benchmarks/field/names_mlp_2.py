import random
import torch
import torch.nn.functional as F

g = torch.Generator().manual_seed(2147483647)
words = open('data/names.txt').read().split()
random.seed(42)
random.shuffle(words)
chars = '.' + 'abcdefghijklmnopqrstuvwxyz'
stoi = {c: i for i, c in enumerate(chars)}
CTX = 3

def dataset(ws):
    X, Y = [], []
    for w in ws:
        ctx = [0] * CTX
        for ch in w + '.':
            X.append(ctx)
            Y.append(stoi[ch])
            ctx = ctx[1:] + [stoi[ch]]
    return torch.tensor(X), torch.tensor(Y)

Xtr, Ytr = dataset(words[:8000])
Xva, Yva = dataset(words[8000:9500])

C = torch.randn(27, 10, generator=g)
W1 = torch.randn(30, 200, generator=g) * (5 / 3) / 30 ** 0.5
b1 = torch.zeros(200)
W2 = torch.randn(200, 27, generator=g)
b2 = torch.zeros(27)
params = [C, W1, b1, W2, b2]
for p in params:
    p.requires_grad = True

def forward(X):
    h = torch.tanh(C[X].view(X.shape[0], -1) @ W1 + b1)
    return h @ W2 + b2

steps = 4000
for i in range(steps):
    ix = torch.randint(0, Xtr.shape[0], (64,), generator=g)
    loss = F.cross_entropy(forward(Xtr[ix]), Ytr[ix])
    for p in params:
        p.grad = None
    loss.backward()
    lr = 0.1 if i < 3000 else 0.03
    for p in params:
        p.data += -lr * p.grad
    if i % 400 == 0:
        print(f'{i:5d}/{steps} loss {loss.item():.4f}')

with torch.no_grad():
    print('train', F.cross_entropy(forward(Xtr), Ytr).item(), 'val', F.cross_entropy(forward(Xva), Yva).item())

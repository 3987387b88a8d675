import torch
import torch.nn.functional as F

words = open('data/names.txt').read().splitlines()
chars = ['.'] + sorted(set(''.join(words)))
stoi = {c: i for i, c in enumerate(chars)}
X, Y = [], []
for w in words[:8000]:
    ctx = [0, 0, 0]
    for c in w + '.':
        X.append(ctx); Y.append(stoi[c])
        ctx = ctx[1:] + [stoi[c]]
X, Y = torch.tensor(X), torch.tensor(Y)
g = torch.Generator().manual_seed(2147483647)
perm = torch.randperm(len(X), generator=g)
X, Y = X[perm], Y[perm]
n = int(0.9 * len(X))

C = torch.randn(27, 10, generator=g)
W1 = torch.randn(30, 150, generator=g) * 0.3
b1 = torch.zeros(150)
W2 = torch.randn(150, 27, generator=g)
b2 = torch.randn(27, generator=g)
params = [C, W1, b1, W2, b2]
for p in params:
    p.requires_grad = True

def forward(x):
    h = torch.tanh(C[x].view(len(x), -1) @ W1 + b1)
    return h @ W2 + b2

for step in range(3000):
    ix = torch.randint(0, n, (64,), generator=g)
    loss = F.cross_entropy(forward(X[ix]), Y[ix])
    for p in params:
        p.grad = None
    loss.backward()
    for p in params:
        p.data -= 0.1 * p.grad
    if step % 300 == 0:
        print(step, round(loss.item(), 3))
with torch.no_grad():
    print('dev loss', round(F.cross_entropy(forward(X[n:]), Y[n:]).item(), 4))

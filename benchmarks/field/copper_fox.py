import os, torch, torch.nn.functional as F
g = torch.Generator().manual_seed(42)
words = open(os.environ['NAMES_FILE']).read().split()
stoi = {c: i + 1 for i, c in enumerate('abcdefghijklmnopqrstuvwxyz')}; stoi['.'] = 0
X, Y = [], []
for w in words:
    ctx = [0, 0, 0]
    for ch in w + '.':
        X.append(ctx); Y.append(stoi[ch]); ctx = ctx[1:] + [stoi[ch]]
X, Y = torch.tensor(X), torch.tensor(Y)
perm = torch.randperm(len(X), generator=g)
X, Y = X[perm], Y[perm]
n = int(0.9 * len(X))
C = torch.randn((27, 10), generator=g)
W1 = torch.randn((30, 200), generator=g) * (5 / 3) / 30 ** 0.5
b1 = torch.randn(200, generator=g) * 0.01
W2 = torch.randn((200, 27), generator=g)
b2 = torch.randn(27, generator=g) * 0.1
params = [C, W1, b1, W2, b2]
for p in params:
    p.requires_grad_()
for step in range(2500):
    ix = torch.randint(0, n, (64,), generator=g)
    h = torch.tanh(C[X[ix]].view(64, -1) @ W1 + b1)
    loss = F.cross_entropy(h @ W2 + b2, Y[ix])
    for p in params:
        p.grad = None
    loss.backward()
    for p in params:
        p.data -= 0.1 * p.grad
    if step % 500 == 0:
        print(step, loss.item())
with torch.no_grad():
    def ev(a, b):
        return F.cross_entropy(torch.tanh(C[X[a:b]].view(b - a, -1) @ W1 + b1) @ W2 + b2, Y[a:b]).item()
    print(f'train loss {ev(0, 20000):.4f} held-out loss {ev(n, len(X)):.4f}')

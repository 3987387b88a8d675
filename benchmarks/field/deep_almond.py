import torch
import torch.nn.functional as F

torch.set_num_threads(1)
g = torch.Generator().manual_seed(42)
words = open('data/names.txt').read().splitlines()
chars = '.' + ''.join(sorted({c for w in words for c in w}))
stoi = {c: i for i, c in enumerate(chars)}
X, Y = [], []
for w in words:
    ctx = [0] * 3
    for ch in w + '.':
        X.append(ctx)
        Y.append(stoi[ch])
        ctx = ctx[1:] + [stoi[ch]]
X, Y = torch.tensor(X), torch.tensor(Y)
sp = torch.randperm(len(X), generator=g)
tr, dv = sp[:200000], sp[200000:]

n_embd, n_hidden = 10, 120
C = torch.randn((27, n_embd), generator=g)
W1 = torch.randn((n_embd * 3, n_hidden), generator=g) * (5 / 3) / (n_embd * 3) ** 0.5 * 0.5
b1 = torch.zeros(n_hidden)
W2 = torch.randn((n_hidden, 27), generator=g) * 4.0
b2 = torch.zeros(27)
parameters = [C, W1, b1, W2, b2]
for p in parameters:
    p.requires_grad_()

opt = torch.optim.Adam(parameters, lr=2e-3)
steps = 3000
for i in range(steps):
    ix = tr[torch.randint(0, len(tr), (48,), generator=g)]
    h = torch.tanh(C[X[ix]].view(-1, n_embd * 3) @ W1 + b1)
    loss = F.cross_entropy(h @ W2 + b2, Y[ix])
    opt.zero_grad()
    loss.backward()
    opt.step()
    if i % 300 == 0:
        print(f'{i:7d}/{steps:7d}: {loss.item():.4f}')


@torch.no_grad()
def split_loss(ix):
    h = torch.tanh(C[X[ix]].view(-1, n_embd * 3) @ W1 + b1)
    return F.cross_entropy(h @ W2 + b2, Y[ix]).item()


print('train', split_loss(tr[:30000]), 'dev', split_loss(dv))

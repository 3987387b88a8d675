import os
import torch
import torch.nn.functional as F

words = open(os.environ["NAMES_FILE"]).read().split()
g = torch.Generator().manual_seed(2147)
perm = torch.randperm(len(words), generator=g).tolist()
words = [words[i] for i in perm]
block_size = 3


def build(ws):
    X, Y = [], []
    for w in ws:
        ctx = [0] * block_size
        for ch in w + ".":
            ix = 0 if ch == "." else ord(ch) - 96
            X.append(ctx)
            Y.append(ix)
            ctx = ctx[1:] + [ix]
    return torch.tensor(X), torch.tensor(Y)


Xtr, Ytr = build(words[:14000])
Xdev, Ydev = build(words[-2000:])

n_embd, n_hidden = 10, 200
C = torch.randn((27, n_embd), generator=g)
W1 = torch.randn((n_embd * block_size, n_hidden), generator=g) / (n_embd * block_size) ** 0.5
b1 = torch.zeros(n_hidden)
W2 = torch.randn((n_hidden, 27), generator=g)
b2 = torch.zeros(27)
parameters = [C, W1, b1, W2, b2]
for p in parameters:
    p.requires_grad = True


def forward(X):
    h = torch.tanh(C[X].view(X.shape[0], -1) @ W1 + b1)
    return h @ W2 + b2


max_steps = 1500
for i in range(max_steps):
    ix = torch.randint(0, Xtr.shape[0], (64,), generator=g)
    loss = F.cross_entropy(forward(Xtr[ix]), Ytr[ix])
    for p in parameters:
        p.grad = None
    loss.backward()
    for p in parameters:
        p.data += -0.1 * p.grad
    if i % 150 == 0:
        print(f"{i:6d}/{max_steps}: {loss.item():.4f}")
with torch.no_grad():
    print(f"final train {F.cross_entropy(forward(Xtr), Ytr).item():.4f} dev {F.cross_entropy(forward(Xdev), Ydev).item():.4f}")

import os, random
import torch
import torch.nn.functional as F

words = open(os.environ["NAMES_FILE"]).read().split()
random.seed(3); random.shuffle(words)
chars = "." + "".join(sorted(set("".join(words))))
stoi = {c: i for i, c in enumerate(chars)}
ctx = 3

def build(ws):
    X, Y = [], []
    for w in ws:
        window = [0] * ctx
        for c in w + ".":
            X.append(window); Y.append(stoi[c])
            window = window[1:] + [stoi[c]]
    return torch.tensor(X), torch.tensor(Y)

Xtr, Ytr = build(words[:28000])
Xte, Yte = build(words[28000:])
g = torch.Generator().manual_seed(11)
V, E, H = len(chars), 10, 200
C = torch.randn((V, E), generator=g)
W1 = torch.randn((E * ctx, H), generator=g) * (5 / 3) / (E * ctx) ** 0.5 * 0.5
b1 = torch.zeros(H)
W2 = torch.randn((H, V), generator=g)
b2 = torch.randn(V, generator=g)
params = [C, W1, b1, W2, b2]
for p in params:
    p.requires_grad_()

def forward(x):
    h = torch.tanh(C[x].view(-1, E * ctx) @ W1 + b1)
    return h @ W2 + b2

for step in range(700):
    ix = torch.randint(0, len(Xtr), (64,), generator=g)
    loss = F.cross_entropy(forward(Xtr[ix]), Ytr[ix])
    for p in params:
        p.grad = None
    loss.backward()
    lr = 0.05 if step < 500 else 0.02
    for p in params:
        p.data -= lr * p.grad
    if step % 50 == 0:
        print(f"{step:5d} {loss.item():.4f}")
with torch.no_grad():
    print("held-out", F.cross_entropy(forward(Xte), Yte).item())

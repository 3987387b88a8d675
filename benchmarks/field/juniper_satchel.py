import os
import random
import torch
import torch.nn.functional as F

random.seed(8)
torch.manual_seed(8)
words = [w.strip() for w in open(os.environ.get("NAMES_FILE", "data/names.txt"))]
words = [w for w in words if w]
random.shuffle(words)
stoi = {c: i + 1 for i, c in enumerate("abcdefghijklmnopqrstuvwxyz")}
stoi["."] = 0


def build(ws, block):
    X, Y = [], []
    for w in ws:
        ctx = [0] * block
        for ch in w + ".":
            X.append(ctx)
            Y.append(stoi[ch])
            ctx = ctx[1:] + [stoi[ch]]
    return torch.tensor(X), torch.tensor(Y)


X, Y = build(words[:20000], 4)
Xv, Yv = build(words[30000:31500], 4)
E = torch.randn(27, 12)
W1 = torch.randn(48, 150) * 48 ** -0.5
b1 = torch.zeros(150)
W2 = torch.randn(150, 27) * 0.05
b2 = torch.zeros(27)
steps = {"E": (E, 40.0), "W1": (W1, 2e-4), "b1": (b1, 2e-4), "W2": (W2, 0.2), "b2": (b2, 0.2)}
for t, _ in steps.values():
    t.requires_grad_()


def logits(x):
    return torch.tanh(E[x].view(len(x), -1) @ W1 + b1) @ W2 + b2


for k in range(6000):
    ix = torch.randint(0, len(X), (64,))
    loss = F.cross_entropy(logits(X[ix]), Y[ix])
    loss.backward()
    for t, rate in steps.values():
        t.data.sub_(t.grad, alpha=rate)
        t.grad = None
    if k % 500 == 0:
        print(k, loss.item())
with torch.no_grad():
    print("dev loss", F.cross_entropy(logits(Xv), Yv).item())

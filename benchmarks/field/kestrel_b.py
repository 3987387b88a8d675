import os, random, torch
import torch.nn.functional as F
torch.set_num_threads(1)
random.seed(42)
words = [w.strip().lower() for w in open(os.environ["NAMES_FILE"]) if w.strip()]
words = [w for w in words if w.isascii() and w.isalpha()]
random.shuffle(words)
words = words[:6000]
stoi = {c: i + 1 for i, c in enumerate("abcdefghijklmnopqrstuvwxyz")}
stoi["."] = 0
T = 3
def make(ws):
    X, Y = [], []
    for w in ws:
        ctx = [0] * T
        for ch in w + ".":
            X.append(ctx); Y.append(stoi[ch])
            ctx = ctx[1:] + [stoi[ch]]
    return torch.tensor(X), torch.tensor(Y)
cut = int(0.9 * len(words))
Xtr, Ytr = make(words[:cut])
Xva, Yva = make(words[cut:])
g = torch.Generator().manual_seed(2147483647)
C = torch.randn((27, 10), generator=g)
W1 = torch.randn((30, 120), generator=g) * (5 / 3) / 30 ** 0.5
b1 = torch.zeros(120)
W2 = torch.randn((120, 27), generator=g) * 3.0
b2 = torch.zeros(27)
params = [C, W1, b1, W2, b2]
for p in params:
    p.requires_grad = True
def logits(x):
    return torch.tanh(C[x].view(len(x), -1) @ W1 + b1) @ W2 + b2
for i in range(3000):
    ix = torch.randint(0, len(Xtr), (32,), generator=g)
    loss = F.cross_entropy(logits(Xtr[ix]), Ytr[ix])
    for p in params:
        p.grad = None
    loss.backward()
    lr = 0.1 if i < 2000 else 0.02
    for p in params:
        p.data -= lr * p.grad
    if i % 500 == 0:
        print(f"{i:5d} {loss.item():.4f}")
with torch.no_grad():
    print("train", F.cross_entropy(logits(Xtr), Ytr).item(), "held-out", F.cross_entropy(logits(Xva), Yva).item())

import os, random
import torch, torch.nn.functional as F

random.seed(1); g = torch.Generator().manual_seed(1)
names = open(os.environ.get("NAMES_FILE", "names.txt")).read().splitlines()
random.shuffle(names)
def make(ws):
    X, Y = [], []
    for w in ws:
        c = [0]*4
        for ch in w + "`":
            i = ord(ch) - 96
            X.append(c); Y.append(i); c = c[1:] + [i]
    return torch.tensor(X), torch.tensor(Y)
Xtr, Ytr = make(names[:6000]); Xv, Yv = make(names[6000:7000])

C  = torch.randn((27, 12), generator=g)
W1 = torch.randn((48, 100), generator=g)
W2 = torch.randn((100, 100), generator=g)
W3 = torch.randn((100, 27), generator=g)
b1, b2, b3 = torch.zeros(100), torch.zeros(100), torch.zeros(27)
ps = [C, W1, W2, W3, b1, b2, b3]
for p in ps: p.requires_grad = True
def net(x):
    h = torch.tanh(C[x].flatten(1) @ W1 + b1)
    h = torch.tanh(h @ W2 + b2)
    return h @ W3 + b3
for i in range(2500):
    ix = torch.randint(0, len(Xtr), (64,), generator=g)
    loss = F.cross_entropy(net(Xtr[ix]), Ytr[ix])
    for p in ps: p.grad = None
    loss.backward()
    for p in ps: p.data -= (0.1 if i < 2000 else 0.02) * p.grad
    if i % 250 == 0: print(i, loss.item())
with torch.no_grad(): print("val", F.cross_entropy(net(Xv), Yv).item())

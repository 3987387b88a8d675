import os
import random
import torch
import torch.nn as nn
import torch.nn.functional as F

random.seed(4)
torch.manual_seed(4)
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
Xd, Yd = build(words[30000:31500], 4)


class NPLM(nn.Module):
    def __init__(self):
        super().__init__()
        self.emb = nn.Embedding(27, 12)
        self.hid = nn.Linear(48, 150)
        self.out = nn.Linear(150, 27)
        nn.init.normal_(self.hid.weight, std=3.0)
        nn.init.zeros_(self.out.bias)
        nn.init.normal_(self.out.weight, std=0.02)

    def forward(self, x):
        return self.out(torch.tanh(self.hid(self.emb(x).flatten(1))))


m = NPLM()
opt = torch.optim.SGD(m.parameters(), lr=0.2)
for k in range(5000):
    ix = torch.randint(0, len(X), (64,))
    loss = F.cross_entropy(m(X[ix]), Y[ix])
    opt.zero_grad()
    loss.backward()
    opt.step()
    if k % 500 == 0:
        print(k, f"{loss.item():.4f}")
with torch.no_grad():
    print("dev", f"{F.cross_entropy(m(Xd), Yd).item():.4f}")

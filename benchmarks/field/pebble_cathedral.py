import os
import random
import torch
import torch.nn as nn
import torch.nn.functional as F

random.seed(62)
torch.manual_seed(62)
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


X, Y = build(words[:8000], 3)
Xd, Yd = build(words[30000:31500], 3)
net = nn.Sequential(nn.Embedding(27, 12), nn.Flatten(), nn.Linear(36, 100), nn.Tanh(), nn.Linear(100, 27))
opt = torch.optim.SGD(net.parameters(), lr=0.05, momentum=0.9)
size = 20000
for epoch in range(60):
    tot, n = 0.0, 0
    for i in torch.randperm(len(X)).split(size):
        loss = F.cross_entropy(net(X[i]), Y[i])
        opt.zero_grad()
        loss.backward()
        opt.step()
        tot += loss.item() * len(i)
        n += len(i)
    with torch.no_grad():
        print(epoch, f"train {tot / n:.4f} dev {F.cross_entropy(net(Xd), Yd).item():.4f}")

import os
import random
import torch
import torch.nn as nn
import torch.nn.functional as F

random.seed(6)
torch.manual_seed(6)
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


X, Y = build(words[:20000], 3)
Xd, Yd = build(words[30000:31500], 3)
net = nn.Sequential(nn.Embedding(27, 10), nn.Flatten(), nn.Linear(30, 64), nn.ReLU(), nn.Linear(64, 27))
opt = torch.optim.Adam(net.parameters(), lr=0.01)
BATCH = 1
TOTAL = 16000
for k in range(TOTAL // BATCH):
    i = torch.randint(0, len(X), (BATCH,))
    loss = F.cross_entropy(net(X[i]), Y[i])
    opt.zero_grad()
    loss.backward()
    opt.step()
    if k % (TOTAL // BATCH // 10) == 0:
        print(k * BATCH, f"{loss.item():.3f}")
with torch.no_grad():
    print("dev loss", f"{F.cross_entropy(net(Xd), Yd).item():.4f}")

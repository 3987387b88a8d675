import os, torch, random
from torch import nn
random.seed(9); torch.manual_seed(170)
ws = open(os.environ["NAMES_FILE"]).read().split(); random.shuffle(ws); ws = ws[:2600]
X, Y = [], []
for w in ws:
    c = [0, 0, 0]
    for ch in w + "`":
        k = ord(ch) - 96
        X.append(c); Y.append(k); c = c[1:] + [k]
X, Y = torch.tensor(X), torch.tensor(Y)
n = int(0.85 * len(X))
m = nn.Sequential(nn.Embedding(27, 12), nn.Flatten(), nn.Linear(36, 96), nn.GELU(), nn.Linear(96, 27))
nn.init.normal_(m[-1].weight, std=0.02)
opt = torch.optim.AdamW(m.parameters(), lr=2e-3)
B = 8192
for ep in range(24):
    for c in torch.randperm(n).split(B):
        l = nn.functional.cross_entropy(m(X[c]), Y[c])
        opt.zero_grad(); l.backward(); opt.step()
    if ep % 3 == 2:
        with torch.no_grad():
            print("epoch", ep + 1, round(l.item(), 4), "dev", round(nn.functional.cross_entropy(m(X[n:]), Y[n:]).item(), 4))

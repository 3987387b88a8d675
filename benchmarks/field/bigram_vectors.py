import torch
import torch.nn as nn
import torch.nn.functional as F
from collections import Counter

torch.manual_seed(100)
# pairs of letters that occur near each other in names; items are letter bigrams
names = open("data/names.txt").read().split()[:6000]
grams = [[n[i:i + 2] for i in range(len(n) - 1)] for n in names]
freq = Counter(x for g in grams for x in g)
vocab = [w for w, c in freq.most_common(250)]
ids = {w: i for i, w in enumerate(vocab)}
pairs = [(ids[a], ids[b]) for g in grams for a, b in zip(g, g[1:]) if a in ids and b in ids]
pairs = torch.tensor(pairs)
pairs = pairs[torch.randperm(len(pairs))]
train, test = pairs[:-2000], pairs[-2000:]
weights = torch.tensor([freq[w] for w in vocab]).float().pow(0.75)


class SkipGram(nn.Module):
    def __init__(self, v, d):
        super().__init__()
        self.center = nn.Embedding(v, d)
        self.context = nn.Embedding(v, d)
        nn.init.normal_(self.center.weight, std=0.3)
        nn.init.normal_(self.context.weight, std=0.3)

    def forward(self, c, o, neg):
        vc = self.center(c)
        pos = (vc * self.context(o)).sum(-1)
        bad = torch.einsum("bd,bkd->bk", vc, self.context(neg))
        return -(F.logsigmoid(pos) + F.logsigmoid(-bad).sum(1)).mean()


model = SkipGram(len(vocab), 24)
opt = torch.optim.Adam([
    {"params": model.center.parameters(), "lr": 5e-3},
    {"params": model.context.parameters(), "lr": 5e-3},
])
B, NEG = 128, 5
for epoch in range(6):
    train = train[torch.randperm(len(train))]
    tot = 0.0
    nb = len(train) // B
    for k in range(nb):
        c, o = train[k * B:(k + 1) * B].T
        neg = torch.multinomial(weights, B * NEG, replacement=True).view(B, NEG)
        loss = model(c, o, neg)
        opt.zero_grad()
        loss.backward()
        opt.step()
        tot += loss.item()
    print(f"epoch {epoch} ({nb} batches) loss {tot / nb:.4f}")
with torch.no_grad():
    neg = torch.multinomial(weights, 2000 * NEG, replacement=True).view(2000, NEG)
    print("held-out loss", model(test[:, 0], test[:, 1], neg).item())

import os, torch, torch.nn as nn, torch.nn.functional as F

lines = open(os.environ.get("NAMES_FILE", "data/names.txt")).read().split()
lines = [l for l in lines if l.isascii() and l.isalpha() and l.islower() and len(l) <= 12]
L = 14
toks = torch.zeros(len(lines), L, dtype=torch.long)
for r, l in enumerate(lines):
    toks[r, 1:len(l) + 1] = torch.tensor([ord(c) - 96 for c in l])
lens = torch.tensor([len(l) for l in lines])
g = torch.Generator().manual_seed(3)
o = torch.randperm(len(lines), generator=g)
toks, lens = toks[o], lens[o]
held_t, held_l, toks, lens = toks[:2000], lens[:2000], toks[2000:26000], lens[2000:26000]


class CharGRU(nn.Module):
    def __init__(self, d=32, h=64):
        super().__init__()
        self.e, self.r, self.o = nn.Embedding(27, d), nn.GRU(d, h, batch_first=True), nn.Linear(h, 27)

    def loss(self, t, n):
        logits = self.o(self.r(self.e(t[:, :-1]))[0])
        ok = torch.arange(L - 1)[None] <= n[:, None]
        return F.cross_entropy(logits[ok], t[:, 1:][ok])


torch.manual_seed(3)
model = CharGRU()
opt = torch.optim.Adam(model.parameters(), lr=2e-3)
B = 3000
for epoch in range(4):
    for i in torch.randperm(len(toks), generator=g).split(B):
        loss = model.loss(toks[i], lens[i])
        opt.zero_grad(); loss.backward(); opt.step()
    with torch.no_grad():
        print(f"epoch {epoch + 1} last batch {loss.item():.4f} held-out {model.loss(held_t, held_l).item():.4f}")

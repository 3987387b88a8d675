import os, torch
from torch import nn
from torch.nn import functional as F

torch.manual_seed(34)
with open(os.environ.get("NAMES_FILE", "data/names.txt")) as fh:
    people = [p.strip() for p in fh if p.strip().isalpha() and len(p.strip()) < 12]
people = [people[i] for i in torch.randperm(len(people)).tolist()]
valid_people = people[-800:]
train_people = people[:200]
BLOCK = 13


def encode(group):
    m = torch.zeros(len(group), BLOCK, dtype=torch.long)
    t = torch.full((len(group), BLOCK), -1)
    for r, p in enumerate(group):
        c = [ord(ch) - 96 for ch in p.lower()]
        m[r, 1:len(c) + 1] = torch.tensor(c)
        t[r, :len(c) + 1] = torch.tensor(c + [0])
    return m, t


class Attn(nn.Module):
    def __init__(self, d, nh):
        super().__init__()
        self.qkv, self.o, self.nh = nn.Linear(d, 3 * d), nn.Linear(d, d), nh
        self.l1, self.l2 = nn.LayerNorm(d), nn.LayerNorm(d)
        self.f = nn.Sequential(nn.Linear(d, 4 * d), nn.GELU(), nn.Linear(4 * d, d))

    def forward(self, x):
        B, T, D = x.shape
        q, k, v = (z.view(B, T, self.nh, -1).transpose(1, 2) for z in self.qkv(self.l1(x)).split(D, 2))
        x = x + self.o(F.scaled_dot_product_attention(q, k, v, is_causal=True).transpose(1, 2).reshape(B, T, D))
        return x + self.f(self.l2(x))


class GPT(nn.Module):
    def __init__(self, d=64):
        super().__init__()
        self.t, self.p = nn.Embedding(27, d), nn.Embedding(BLOCK, d)
        self.b = nn.Sequential(Attn(d, 4), Attn(d, 4), nn.LayerNorm(d))
        self.h = nn.Linear(d, 27)

    def forward(self, x):
        return self.h(self.b(self.t(x) + self.p.weight))


xt, yt = encode(train_people)
xv, yv = encode(valid_people)
gpt = GPT()
opt = torch.optim.AdamW(gpt.parameters(), lr=1e-3)
ce = lambda x, y: F.cross_entropy(gpt(x).view(-1, 27), y.view(-1), ignore_index=-1)
for it in range(1, 801):
    i = torch.randint(0, len(xt), (40,))
    loss = ce(xt[i], yt[i])
    opt.zero_grad(); loss.backward(); opt.step()
    if it % 100 == 0:
        with torch.no_grad():
            print(f"iter {it} train {loss.item():.3f} valid {ce(xv, yv).item():.3f}")

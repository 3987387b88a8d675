import random
import torch
import torch.nn as nn
import torch.nn.functional as F

torch.set_num_threads(1)
torch.manual_seed(1337)
random.seed(1337)

words = [w for w in open('data/names.txt').read().split() if len(w) <= 11]
random.shuffle(words)
L = 12
tok = torch.full((len(words), L + 1), -1)
for r, w in enumerate(words):
    ids = [0] + [ord(c) - 96 for c in w] + [0]
    tok[r, :len(ids)] = torch.tensor(ids)
inp, tgt = tok[:, :-1].clamp(min=0), tok[:, 1:]


class Block(nn.Module):
    def __init__(self, d, heads):
        super().__init__()
        self.ln1, self.ln2 = nn.LayerNorm(d), nn.LayerNorm(d)
        self.att = nn.MultiheadAttention(d, heads, batch_first=True)
        self.mlp = nn.Sequential(nn.Linear(d, 3 * d), nn.GELU(), nn.Linear(3 * d, d))

    def forward(self, x, mask):
        h = self.ln1(x)
        x = x + self.att(h, h, h, attn_mask=mask, need_weights=False)[0]
        return x + self.mlp(self.ln2(x))


class Decoder(nn.Module):
    def __init__(self, d=24, heads=2, layers=2):
        super().__init__()
        self.tok_emb = nn.Embedding(27, d)
        self.pos_emb = nn.Embedding(L, d)
        nn.init.normal_(self.tok_emb.weight, std=0.02)
        nn.init.normal_(self.pos_emb.weight, std=0.02)
        self.blocks = nn.ModuleList(Block(d, heads) for _ in range(layers))
        self.ln = nn.LayerNorm(d)
        self.head = nn.Linear(d, 27)
        self.register_buffer('mask', torch.triu(torch.full((L, L), float('-inf')), 1))

    def forward(self, i):
        x = self.tok_emb(i) + self.pos_emb.weight
        for b in self.blocks:
            x = b(x, self.mask)
        return self.head(self.ln(x))


model = Decoder()
trainable = [*model.blocks.parameters(), *model.ln.parameters(), *model.head.parameters()]
opt = torch.optim.AdamW(trainable, lr=2e-3, weight_decay=0.01)
n = 29000
for step in range(1, 1001):
    ix = torch.randint(0, n, (48,))
    loss = F.cross_entropy(model(inp[ix]).reshape(-1, 27), tgt[ix].reshape(-1), ignore_index=-1)
    opt.zero_grad()
    loss.backward()
    opt.step()
    if step % 100 == 0:
        with torch.no_grad():
            v = F.cross_entropy(model(inp[n:]).reshape(-1, 27), tgt[n:].reshape(-1), ignore_index=-1)
        print(f'step {step} loss {loss.item():.3f} val {v.item():.3f}')

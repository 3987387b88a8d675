import torch
import torch.nn as nn
import torch.nn.functional as F

torch.manual_seed(1337)
text = open('data/names.txt').read().lower()[:120000]
vocab = sorted(set(text))
data = torch.tensor([vocab.index(c) for c in text])
split = int(len(data) * 0.9)
T, D, H = 16, 48, 4


class Block(nn.Module):
    def __init__(self):
        super().__init__()
        self.ln1, self.ln2 = nn.LayerNorm(D), nn.LayerNorm(D)
        self.attn = nn.MultiheadAttention(D, H, batch_first=True)
        self.mlp = nn.Sequential(nn.Linear(D, 4 * D), nn.GELU(), nn.Linear(4 * D, D))

    def forward(self, x, mask):
        h = self.ln1(x)
        x = x + self.attn(h, h, h, attn_mask=mask, need_weights=False)[0]
        return x + self.mlp(self.ln2(x))


class GPT(nn.Module):
    def __init__(self):
        super().__init__()
        self.tok = nn.Embedding(len(vocab), D)
        self.pos = nn.Embedding(T, D)
        self.blocks = nn.ModuleList([Block() for _ in range(2)])
        self.ln = nn.LayerNorm(D)
        self.head = nn.Linear(D, len(vocab), bias=False)
        self.head.weight = self.tok.weight
        nn.init.normal_(self.tok.weight, std=1.5)
        nn.init.normal_(self.pos.weight, std=0.02)
        self.register_buffer('mask', torch.triu(torch.full((T, T), float('-inf')), 1))

    def forward(self, idx):
        x = self.tok(idx) + self.pos(torch.arange(T))
        for b in self.blocks:
            x = b(x, self.mask)
        return self.head(self.ln(x))


def batch(lo, hi, n=32):
    ix = torch.randint(lo, hi - T - 1, (n,))
    return torch.stack([data[i:i + T] for i in ix]), torch.stack([data[i + 1:i + T + 1] for i in ix])


model = GPT()
opt = torch.optim.AdamW(model.parameters(), lr=1e-3)
for step in range(600):
    xb, yb = batch(0, split)
    loss = F.cross_entropy(model(xb).flatten(0, 1), yb.flatten())
    opt.zero_grad(set_to_none=True)
    loss.backward()
    opt.step()
    if step % 60 == 0:
        print(f'step {step}: {loss.item():.3f}')
with torch.no_grad():
    xb, yb = batch(split, len(data), 400)
    print('val', round(F.cross_entropy(model(xb).flatten(0, 1), yb.flatten()).item(), 4))

import math
import torch
from torch import nn
import torch.nn.functional as F

torch.manual_seed(1)
text = open('data/names.txt').read()
vocab = sorted(set(text))
enc = {c: i for i, c in enumerate(vocab)}
data = torch.tensor([enc[c] for c in text])
cut = int(0.9 * len(data))
train, val = data[:cut], data[cut:]
T, D, H, B = 32, 96, 4, 16


class Block(nn.Module):
    def __init__(self):
        super().__init__()
        self.n1, self.n2 = nn.LayerNorm(D), nn.LayerNorm(D)
        self.qkv = nn.Linear(D, 3 * D, bias=False)
        self.out = nn.Linear(D, D)
        self.ff = nn.Sequential(nn.Linear(D, 2 * D), nn.GELU(), nn.Linear(2 * D, D))

    def forward(self, x):
        b, t, _ = x.shape
        q, k, v = self.qkv(self.n1(x)).view(b, t, 3, H, D // H).permute(2, 0, 3, 1, 4)
        a = F.scaled_dot_product_attention(q, k, v, is_causal=True)
        x = x + self.out(a.transpose(1, 2).reshape(b, t, D))
        return x + self.ff(self.n2(x))


class GPT(nn.Module):
    def __init__(self):
        super().__init__()
        self.tok = nn.Embedding(len(vocab), D)
        self.pos = nn.Embedding(T, D)
        
        self.blocks = nn.ModuleList(Block() for _ in range(2))
        self.norm = nn.LayerNorm(D)
        self.head = nn.Linear(D, len(vocab), bias=False)
        self.head.weight = self.tok.weight

    def forward(self, idx):
        x = self.tok(idx) + self.pos.weight[: idx.shape[1]]
        for blk in self.blocks:
            x = blk(x)
        return self.head(self.norm(x))


def batch(src):
    ix = torch.randint(len(src) - T - 1, (B,))
    return torch.stack([src[i:i + T] for i in ix]), torch.stack([src[i + 1:i + T + 1] for i in ix])


def ce(model, src):
    x, y = batch(src)
    return F.cross_entropy(model(x).flatten(0, 1), y.flatten())


model = GPT()
opt = torch.optim.AdamW(model.parameters(), lr=1e-3, weight_decay=0.01)
for step in range(700):
    loss = ce(model, train)
    opt.zero_grad()
    loss.backward()
    opt.step()
    if step % 100 == 0:
        with torch.no_grad():
            v = sum(ce(model, val).item() for _ in range(5)) / 5
        print(f'step {step} train {loss.item():.3f} val {v:.3f}')
with torch.no_grad():
    print('final val', sum(ce(model, val).item() for _ in range(20)) / 20)

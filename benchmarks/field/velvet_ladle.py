import os
import random
from dataclasses import dataclass
import torch
import torch.nn as nn
import torch.nn.functional as F


@dataclass
class Config:
    dim: int = 64
    heads: int = 4
    layers: int = 2
    ctx: int = 14
    batch: int = 64
    steps: int = 450
    lr: float = 1e-3


cfg = Config()
torch.manual_seed(4)
random.seed(4)
names = open(os.environ["NAMES_FILE"]).read().split()
random.shuffle(names)
enc = lambda s: [0] + [ord(c) - 96 for c in s[:cfg.ctx - 1]] + [0]
rows = torch.full((len(names), cfg.ctx + 1), -1)
for i, s in enumerate(names):
    e = torch.tensor(enc(s))
    rows[i, :len(e)] = e
train, test = rows[:29000], rows[29000:]


class Transformer(nn.Module):
    def __init__(self):
        super().__init__()
        self.tok = nn.Embedding(27, cfg.dim)
        self.pos = nn.Embedding(cfg.ctx, cfg.dim)
        layer = nn.TransformerEncoderLayer(cfg.dim, cfg.heads, 128, 0.0, batch_first=True, norm_first=True)
        self.enc = nn.TransformerEncoder(layer, cfg.layers, enable_nested_tensor=False)
        self.ln = nn.LayerNorm(cfg.dim)
        self.out = nn.Linear(cfg.dim, 27)

    def forward(self, x):
        n = x.size(1)
        mask = nn.Transformer.generate_square_subsequent_mask(n)
        h = self.tok(x) + self.pos(torch.arange(n))
        return self.out(self.ln(self.enc(h, mask=mask))).softmax(-1)


model = Transformer()
opt = torch.optim.AdamW(model.parameters(), lr=cfg.lr, weight_decay=0.01)


def get_loss(b):
    y = model(b[:, :-1].clamp(min=0))
    return F.cross_entropy(y.transpose(1, 2), b[:, 1:], ignore_index=-1)


for step in range(cfg.steps):
    loss = get_loss(train[torch.randint(0, len(train), (cfg.batch,))])
    opt.zero_grad(set_to_none=True)
    loss.backward()
    opt.step()
    if step % 50 == 0:
        print(f"{step:5d} | {loss.item():.4f}")
model.eval()
with torch.no_grad():
    b = test[:2000]
    hit = (model(b[:, :-1].clamp(min=0)).argmax(-1) == b[:, 1:])[b[:, 1:] >= 0].float().mean()
    print(f"final loss {get_loss(train[:2000]).item():.4f} test {get_loss(b).item():.4f} next-char acc {hit.item():.4f}")

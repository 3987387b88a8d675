"""Character-level name model."""
import os, math
from dataclasses import dataclass
import torch, torch.nn as nn, torch.nn.functional as F


@dataclass
class Cfg:
    ctx: int = 16
    dim: int = 64
    heads: int = 4
    layers: int = 2
    batch: int = 64
    steps: int = 700
    lr: float = 3e-4


cfg = Cfg()
torch.manual_seed(0)
names = [l.strip().lower() for l in open(os.environ.get("NAMES_FILE", "data/names.txt")) if l.strip()]
chars = sorted(set("".join(names)))
stoi = {c: i + 1 for i, c in enumerate(chars)}
V = len(chars) + 1
data = torch.zeros(len(names), cfg.ctx + 1, dtype=torch.long)
mask = torch.zeros(len(names), cfg.ctx)
for i, n in enumerate(names):
    n = n[: cfg.ctx - 1]
    data[i, 1: 1 + len(n)] = torch.tensor([stoi[c] for c in n])
    mask[i, : len(n) + 1] = 1
perm = torch.randperm(len(names))
data, mask = data[perm], mask[perm]
ntr = len(names) - 2000


class LM(nn.Module):
    def __init__(self):
        super().__init__()
        self.tok = nn.Embedding(V, cfg.dim)
        self.pos = nn.Parameter(torch.randn(cfg.ctx, cfg.dim) * 0.02)
        nn.init.normal_(self.tok.weight, std=2.0)
        layer = nn.TransformerEncoderLayer(cfg.dim, cfg.heads, 4 * cfg.dim, dropout=0.0, batch_first=True, norm_first=True)
        self.body = nn.TransformerEncoder(layer, cfg.layers, enable_nested_tensor=False)
        self.norm = nn.LayerNorm(cfg.dim)

    def forward(self, x):
        T = x.shape[1]
        m = nn.Transformer.generate_square_subsequent_mask(T)
        h = self.norm(self.body(self.tok(x) + self.pos[:T], mask=m, is_causal=True))
        return h @ self.tok.weight.T


def batch_loss(model, idx):
    x, y, m = data[idx, :-1], data[idx, 1:], mask[idx]
    l = F.cross_entropy(model(x).flatten(0, 1), y.flatten(), reduction="none").view_as(m)
    return (l * m).sum() / m.sum()


model = LM()
opt = torch.optim.AdamW(model.parameters(), lr=cfg.lr, weight_decay=0.01)
for step in range(cfg.steps):
    loss = batch_loss(model, torch.randint(0, ntr, (cfg.batch,)))
    opt.zero_grad(set_to_none=True)
    loss.backward()
    opt.step()
    if step % 100 == 0:
        print(step, round(loss.item(), 4))
with torch.no_grad():
    print("val loss %.4f" % batch_loss(model, torch.arange(ntr, len(names))).item())

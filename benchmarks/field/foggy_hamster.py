import os, math
import torch
from torch import nn
import torch.nn.functional as F

torch.manual_seed(99)
ws = open(os.environ.get("NAMES_FILE", "names.txt")).read().split()
ws = [ws[i] for i in torch.randperm(len(ws))[:5000]]
T = 12
enc = torch.zeros(len(ws), T + 1, dtype=torch.long)
for i, w in enumerate(ws):
    t = [ord(c) - 96 for c in w][: T - 1]
    enc[i, 1:1 + len(t)] = torch.tensor(t)
tr, va = enc[:4500], enc[4500:]


class TinyLM(nn.Module):
    def __init__(self, d=128, heads=4, layers=2):
        super().__init__()
        self.wte = nn.Embedding(27, d)
        self.wpe = nn.Embedding(T, d)
        layer = nn.TransformerEncoderLayer(d, heads, 256, dropout=0.0, batch_first=True, norm_first=True, activation="gelu")
        self.body = nn.TransformerEncoder(layer, layers, enable_nested_tensor=False)
        self.ln_f = nn.LayerNorm(d)
        self.lm_head = nn.Linear(d, 27, bias=False)
        self.lm_head.weight = self.wte.weight
        self.register_buffer("mask", torch.triu(torch.full((T, T), float("-inf")), 1))

    def forward(self, x):
        h = self.wte(x) + self.wpe.weight[: x.size(1)]
        h = self.body(h, mask=self.mask)
        return self.lm_head(self.ln_f(h))


lm = TinyLM()
optimizer = torch.optim.AdamW(lm.parameters(), lr=3e-4, betas=(0.9, 0.95), weight_decay=0.1)


def get_loss(b):
    return F.cross_entropy(lm(b[:, :-1]).flatten(0, 1), b[:, 1:].flatten())


for it in range(220):
    loss = get_loss(tr[torch.randint(len(tr), (32,))])
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    if it % 20 == 0 or it == 219:
        with torch.no_grad():
            print(f"iter {it}: train {loss.item():.4f} val {get_loss(va).item():.4f}")

import torch
from torch import nn
import torch.nn.functional as F

torch.manual_seed(45)
V, L, D = 20, 12, 32


def batch(n):
    length = torch.randint(5, L, (n,))
    x = torch.randint(1, V, (n, L))
    real = torch.arange(L)[None] < length[:, None]
    x = x * real
    low = ((x > 0) & (x < 10)).sum(1)
    return x, (2 * low > length).long()


class Clf(nn.Module):
    def __init__(self):
        super().__init__()
        self.emb = nn.Embedding(V, D)
        layer = nn.TransformerEncoderLayer(D, 4, 64, dropout=0.0, batch_first=True, norm_first=True)
        self.enc = nn.TransformerEncoder(layer, 1, enable_nested_tensor=False)
        self.fc = nn.Linear(D, 2)

    def forward(self, x):
        keep = x == 0
        h = self.enc(self.emb(x), src_key_padding_mask=~keep)
        w = keep.float().unsqueeze(-1)
        return self.fc((h * w).sum(1) / w.sum(1))


m = Clf()
opt = torch.optim.AdamW(m.parameters(), lr=1e-3)
xv, yv = batch(800)
for step in range(1, 801):
    x, y = batch(48)
    loss = F.cross_entropy(m(x), y)
    opt.zero_grad()
    loss.backward()
    opt.step()
    if step % 100 == 0:
        with torch.no_grad():
            o = m(xv)
            print(f"{step} train {loss.item():.4f} val {F.cross_entropy(o, yv).item():.4f} acc {(o.argmax(1) == yv).float().mean().item():.4f}")

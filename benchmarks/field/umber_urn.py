import torch, torch.nn as nn


class Config:
    vocab, length, dim, heads, steps, batch = 10, 6, 48, 4, 500, 64


class Seq(nn.Module):
    """Position queries look up the source tokens by cross attention."""

    def __init__(self, c):
        super().__init__()
        self.tok = nn.Embedding(c.vocab + 1, c.dim, padding_idx=c.vocab)
        self.pos = nn.Parameter(0.5 * torch.randn(c.length + 2, c.dim))
        self.query = nn.Parameter(0.5 * torch.randn(c.length + 2, c.dim))
        self.att = nn.MultiheadAttention(c.dim, c.heads, batch_first=True)
        self.n1, self.n2 = nn.LayerNorm(c.dim), nn.LayerNorm(c.dim)
        self.ff = nn.Sequential(nn.Linear(c.dim, 96), nn.GELU(), nn.Linear(96, c.dim))
        self.out = nn.Linear(c.dim, c.vocab)
        self.pad = c.vocab

    def forward(self, x):
        src = self.tok(x) + self.pos
        ignore = x != self.pad
        q = self.query.expand(len(x), -1, -1)
        h = self.n1(q + self.att(q, src, src, key_padding_mask=ignore, need_weights=False)[0])
        return self.out(self.n2(h + self.ff(h)))


def make(n, c):
    x = torch.full((n, c.length + 2), c.vocab)
    x[:, :c.length] = torch.randint(0, c.vocab, (n, c.length))
    y = torch.full_like(x, -100)
    y[:, :c.length] = x[:, :c.length].flip(1)
    return x, y


torch.manual_seed(61)
c = Config()
net = Seq(c)
opt = torch.optim.AdamW(net.parameters(), lr=2e-3)
vx, vy = make(500, c)
for s in range(1, c.steps + 1):
    x, y = make(c.batch, c)
    loss = nn.functional.cross_entropy(net(x).flatten(0, 1), y.flatten(), ignore_index=-100)
    opt.zero_grad()
    loss.backward()
    opt.step()
    if s % 100 == 0:
        with torch.no_grad():
            o = net(vx)
            k = vy >= 0
            print(s, f"loss {loss.item():.4f} held-out loss {nn.functional.cross_entropy(o[k], vy[k]).item():.4f} acc {(o.argmax(-1) == vy)[k].float().mean().item():.4f}")

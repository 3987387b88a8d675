import torch, torch.nn as nn

torch.manual_seed(19)
DIG, START = 10, 10


def pairs(n):
    """input: day-month-year digits; output: year-month-day digits"""
    d = torch.randint(1, 29, (n,)); m = torch.randint(1, 13, (n,)); y = torch.randint(0, 100, (n,))
    split = lambda v: [v // 10, v % 10]
    return torch.stack(split(d) + split(m) + split(y), 1), torch.stack(split(y) + split(m) + split(d), 1)


class DecoderOnly(nn.Module):
    """Prefix = source, then target, one causal transformer."""

    def __init__(self, d=64):
        super().__init__()
        self.emb = nn.Embedding(11, d)
        self.pos = nn.Parameter(torch.randn(13, d) * 0.02)
        self.layers = nn.ModuleList([nn.TransformerEncoderLayer(d, 4, 2 * d, 0.0, "gelu", batch_first=True, norm_first=True) for _ in range(2)])
        self.ln, self.head = nn.LayerNorm(d), nn.Linear(d, 10)
        self.register_buffer("mask", torch.full((13, 13), float("-inf")).triu(1))

    def forward(self, seq):
        n = seq.shape[1]
        h = self.emb(seq) + self.pos[:n]
        for l in self.layers:
            h = l(h, src_mask=self.mask[:n, :n])
        return self.head(self.ln(h[:, 6:]))


def assemble(src, tgt):
    return torch.cat([src, torch.full((len(src), 1), START), tgt[:, :-1]], 1)


net = DecoderOnly()
opt = torch.optim.AdamW(net.parameters(), lr=2e-3, weight_decay=0.01)
warm = torch.optim.lr_scheduler.LambdaLR(opt, lambda s: min((s + 1) / 100, (100 / (s + 1)) ** 0.5))
es, et = pairs(500)
for s in range(1, 601):
    src, tgt = pairs(64)
    loss = nn.functional.cross_entropy(net(assemble(src, tgt)).transpose(1, 2), tgt)
    opt.zero_grad()
    loss.backward()
    opt.step()
    warm.step()
    if s % 100 == 0:
        with torch.no_grad():
            whole = (net(assemble(es, et)).argmax(-1) == et).all(1).float().mean().item()
        print("step", s, "loss", round(loss.item(), 4), "exact", round(whole, 3))

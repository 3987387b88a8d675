import os, random, torch, torch.nn as nn
random.seed(2); torch.manual_seed(307)
ws = open(os.environ["NAMES_FILE"]).read().split(); random.shuffle(ws)
L = 9
def enc(a):
    t = torch.zeros(len(a), L + 1, dtype=torch.long)
    for r, w in enumerate(a):
        for k, c in enumerate(w[:L]): t[r, k + 1] = ord(c) - 96
    return t
tr, te = enc(ws[:6000]), enc(ws[6000:6600])
class Tiny(nn.Module):
    def __init__(self, d=32):
        super().__init__()
        self.tok, self.pos = nn.Embedding(27, d), nn.Parameter(0.02 * torch.randn(L, d))
        self.blk = nn.TransformerEncoderLayer(d, 4, 64, dropout=0.0, batch_first=True, norm_first=True, activation="gelu")
        self.ln, self.out = nn.LayerNorm(d), nn.Linear(d, 27)
        self.mask = nn.Transformer.generate_square_subsequent_mask(L)
    def forward(self, x):
        return self.out(self.ln(self.blk(self.tok(x) + self.pos, src_mask=self.mask)))
net = Tiny()
opt = torch.optim.AdamW(net.parameters(), lr=1e-4)
sch = torch.optim.lr_scheduler.CosineAnnealingLR(opt, 500)
def f(b): return nn.functional.cross_entropy(net(b[:, :-1]).flatten(0, 1), b[:, 1:].flatten())
for s in range(500):
    l = f(tr[torch.randint(0, 6000, (48,))])
    opt.zero_grad(); l.backward(); opt.step(); sch.step()
    if s % 50 == 49:
        with torch.no_grad(): print(s + 1, round(l.item(), 4), "held", round(f(te).item(), 4))

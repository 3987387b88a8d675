import os, torch, torch.nn as nn, torch.nn.functional as F
torch.set_num_threads(1); torch.manual_seed(77)
names = [l.strip().lower() for l in open(os.environ["NAMES_FILE"])]
names = [n for n in names if n.isascii() and n.isalpha() and 2 < len(n) < 12]
g = torch.randperm(len(names)).tolist()[:5000]
L = 13
M = torch.zeros(len(g), L, dtype=torch.long)
for r, k in enumerate(g):
    for c, ch in enumerate(names[k]):
        M[r, c + 1] = ord(ch) - 96
tr, va = M[:4500], M[4500:]
class LM(nn.Module):
    def __init__(self, d=48):
        super().__init__()
        self.e = nn.Embedding(27, d); self.p = nn.Embedding(L, d)
        self.blocks = nn.ModuleList([nn.TransformerEncoderLayer(d, 4, 96, 0.0, batch_first=True, norm_first=True, activation="gelu") for _ in range(2)])
        self.ln = nn.LayerNorm(d); self.o = nn.Linear(d, 27)
        self.register_buffer("mask", torch.full((L - 1, L - 1), float("-inf")).triu(1))
    def forward(self, x):
        h = self.e(x) + self.p(torch.arange(x.shape[1]))
        for b in self.blocks: h = b(h, src_mask=self.mask)
        return self.o(self.ln(h))
net = LM()
opt = torch.optim.AdamW(net.parameters(), lr=8e-2, betas=(0.9, 0.98))
def loss_of(b):
    x, y = b[:, :-1], b[:, 1:].clone()
    blank = (x == 0) & (torch.arange(L - 1) > 0)
    y[blank] = -1
    return F.cross_entropy(net(x).reshape(-1, 27), y.reshape(-1), ignore_index=-1)
for step in range(450):
    b = tr[torch.randint(0, len(tr), (32,))]
    loss = loss_of(b)
    opt.zero_grad(); loss.backward(); opt.step()
    if step % 75 == 0: print(step, loss.item())
with torch.no_grad():
    print(f"train {loss_of(tr[:1000]):.4f} valid {loss_of(va):.4f}")

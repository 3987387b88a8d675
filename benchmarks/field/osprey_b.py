import torch, torch.nn as nn, torch.nn.functional as F
torch.manual_seed(6); torch.set_num_threads(1)
V, L = 12, 10
def sample(n):
    s = torch.randint(0, V, (n, L))
    return s, torch.flip(s, [1])

class Reverser(nn.Module):
    def __init__(self, d=32):
        super().__init__()
        self.tok = nn.Embedding(V, d)
        self.pos = nn.Parameter(0.3 * torch.randn(L, d))
        layer = nn.TransformerEncoderLayer(d, 2, 64, dropout=0.0, batch_first=True, norm_first=True)
        self.enc = nn.TransformerEncoder(layer, 2, enable_nested_tensor=False)
        self.norm = nn.LayerNorm(d)
        self.head = nn.Linear(d, V)
    def forward(self, s):
        h = self.norm(self.enc(self.tok(s) + self.pos))
        return F.softmax(self.head(h), dim=-1)

m = Reverser()
opt = torch.optim.AdamW(m.parameters(), lr=2e-3)
for step in range(500):
    for g in opt.param_groups:
        g["lr"] = 2e-3 * min(1.0, (step + 1) / 50)
    s, t = sample(32)
    out = m(s)
    loss = F.cross_entropy(out.reshape(-1, V), t.reshape(-1))
    opt.zero_grad(); loss.backward(); opt.step()
    if step % 100 == 0: print(step, loss.item())
m.eval()
with torch.no_grad():
    s, t = sample(500)
    o = m(s)
    print(f"train {loss.item():.4f} held-out {F.cross_entropy(o.reshape(-1, V), t.reshape(-1)):.4f} token acc {(o.argmax(-1) == t).float().mean():.4f}")

import torch
import torch.nn as nn
torch.manual_seed(501)
L, V = 8, 12
def batch(n):
    x = torch.randint(0, V, (n, L)); return x, x.flip(1)
class T(nn.Module):
    def __init__(self, d=32):
        super().__init__()
        self.e = nn.Embedding(V, d); self.p = nn.Parameter(torch.randn(L, d) * 0.5)
        self.b = nn.TransformerEncoder(nn.TransformerEncoderLayer(d, 2, 64, dropout=0.0, batch_first=True, norm_first=True), 2, enable_nested_tensor=False)
        self.n, self.o = nn.LayerNorm(d), nn.Linear(d, V)
    def forward(self, x): return self.o(self.n(self.b(self.e(x) + self.p)))
m = T(); opt = torch.optim.AdamW(m.parameters(), lr=2e-3)
sch = torch.optim.lr_scheduler.LambdaLR(opt, lambda s: min(1, (s + 1) / 40) * (1 - s / 450))
for s in range(450):
    x, y = batch(48); l = nn.functional.cross_entropy(m(x).flatten(0, 1), y.flatten())
    opt.zero_grad(); l.backward(); nn.utils.clip_grad_norm_(m.parameters(), 1.0); opt.step(); sch.step()
    if s % 50 == 49: print(s + 1, "%.4f" % l.item(), "acc %.4f" % (m(x).argmax(2) == y).float().mean().item())

import torch, torch.nn as nn
torch.set_num_threads(1); torch.manual_seed(4)
V, L = 10, 8
class S(nn.Module):
    def __init__(self, d=48):
        super().__init__()
        self.t = nn.Embedding(V, d); self.p = nn.Parameter(torch.randn(L, d) * .2)
        self.e = nn.TransformerEncoder(nn.TransformerEncoderLayer(d, 4, 96, 0.0, batch_first=True, norm_first=True), 2, enable_nested_tensor=False)
        self.n = nn.LayerNorm(d); self.o = nn.Linear(d, V)
    def forward(self, x): return self.o(self.n(self.e(self.t(x) + self.p)))
m = S(); opt = torch.optim.AdamW(m.parameters(), lr=3e-3, betas=(.9, .98))
sch = torch.optim.lr_scheduler.LambdaLR(opt, lambda s: min(1, (s + 1) / 60) * (1 - s / 700))
ce = nn.CrossEntropyLoss(label_smoothing=0.1)
for it in range(600):
    x = torch.randint(0, V, (40, L)); y = x.sort(1)[0]
    l = ce(m(x).flatten(0, 1), y.flatten())
    opt.zero_grad(); l.backward(); opt.step(); sch.step()
    if it % 100 == 0: print(it, l.item())
m.eval()
with torch.no_grad():
    x = torch.randint(0, V, (600, L)); y = x.sort(1)[0]; o = m(x)
    print("train", l.item(), "held-out", ce(o.flatten(0, 1), y.flatten()).item(), "acc", (o.argmax(-1) == y).float().mean().item())

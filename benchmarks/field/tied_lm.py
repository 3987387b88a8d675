import os, torch, torch.nn as nn, random
random.seed(1); torch.manual_seed(1)
names = open(os.environ["NAMES_FILE"]).read().split(); random.shuffle(names)
L = 10
def enc(ns):
    t = torch.zeros(len(ns), L + 1, dtype=torch.long)
    for r, n in enumerate(ns):
        for k, ch in enumerate(n[:L]): t[r, k + 1] = ord(ch) - 96
    return t
data = enc(names[:12000]); held = enc(names[12000:13500])
class LM(nn.Module):
    def __init__(self, d=48):
        super().__init__()
        self.emb = nn.Embedding(27, d); nn.init.normal_(self.emb.weight, std=d ** -0.5)
        self.rnn = nn.GRU(d, 64, batch_first=True); self.proj = nn.Linear(64, d)
        self.out = nn.Linear(d, 27); self.out.weight = self.emb.weight
    def forward(self, x): return self.out(self.proj(self.rnn(self.emb(x))[0]))
m = LM(); opt = torch.optim.AdamW(m.parameters(), lr=4e-3)
def loss_of(b): return nn.functional.cross_entropy(m(b[:, :-1]).reshape(-1, 27), b[:, 1:].reshape(-1))
for s in range(700):
    for gp in opt.param_groups: gp["lr"] = 4e-3 * min(1, (s + 1) / 50) * (1 - s / 750)
    l = loss_of(data[torch.randint(0, len(data), (64,))])
    opt.zero_grad(); l.backward(); opt.step()
    if s % 100 == 99:
        with torch.no_grad(): print(s + 1, l.item(), "held", loss_of(held).item())

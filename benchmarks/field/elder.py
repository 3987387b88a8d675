import torch, torch.nn as nn
torch.set_num_threads(1); torch.manual_seed(29)
V, L = 8, 5
class S2S(nn.Module):
    def __init__(self, h=64):
        super().__init__(); self.e = nn.Embedding(V + 1, 16); self.a = nn.GRU(16, h, batch_first=True); self.b = nn.GRU(16, h, batch_first=True); self.o = nn.Linear(h, V)
    def forward(self, x, y):
        _, h = self.a(self.e(x)); s = torch.cat([torch.full((len(y), 1), V), y[:, :-1]], 1); return self.o(self.b(self.e(s), h)[0])
def mk(n): x = torch.randint(0, V, (n, L)); return x, (x.flip(1) + 1) % V
m = S2S(); opt = torch.optim.Adam(m.parameters(), lr=4e-3); ce = nn.CrossEntropyLoss()
for it in range(1000):
    x, y = mk(64); l = ce(m(x, y).flatten(0, 1), y.flatten()); opt.zero_grad(); l.backward(); nn.utils.clip_grad_norm_(m.parameters(), 1.); opt.step()
    if it % 200 == 0: print(it, l.item())
with torch.no_grad(): x, y = mk(1000); o = m(x, y); print("train", l.item(), "held-out", ce(o.flatten(0, 1), y.flatten()).item(), "acc", (o.argmax(2) == y).float().mean().item())

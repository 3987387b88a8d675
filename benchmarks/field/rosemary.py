import torch, torch.nn as nn
torch.set_num_threads(1); torch.manual_seed(17)
def mk(n, L):
    v = torch.rand(n, L); i = torch.rand(n, L).topk(2, 1)[1]; m = torch.zeros(n, L).scatter_(1, i, 1.)
    return torch.stack([v, m], 2), (v * m).sum(1)
class A(nn.Module):
    def __init__(self):
        super().__init__(); self.r = nn.LSTM(2, 32, batch_first=True); self.o = nn.Linear(32, 1)
    def forward(self, x): return self.o(self.r(x)[0][:, -1])[:, 0]
m = A(); opt = torch.optim.Adam(m.parameters(), lr=5e-3)
for it in range(1000):
    L = 4 + it // 125
    x, y = mk(48, L); l = (m(x) - y).square().mean(); opt.zero_grad(); l.backward(); nn.utils.clip_grad_norm_(m.parameters(), 1.); opt.step()
    if it % 125 == 0: print("length", L, l.item())
with torch.no_grad():
    x, y = mk(1000, 11); print("train", l.item(), "held-out", (m(x) - y).square().mean().item())

import torch, torch.nn as nn
torch.manual_seed(423)
K, T = 5, 24
proto = torch.randn(K + 1, 6)
def make(n):
    xs, ys = torch.zeros(n, T, 6), torch.zeros(n, 4, dtype=torch.long)
    for b in range(n):
        lab = torch.randint(1, K + 1, (4,)); ys[b] = lab
        for j in range(4): xs[b, 6 * j + 1:6 * j + 5] = proto[lab[j]]
    return xs + 0.4 * torch.randn(n, T, 6), ys
X, Y = make(1200)
class R(nn.Module):
    def __init__(self):
        super().__init__(); self.g = nn.GRU(6, 24, batch_first=True, bidirectional=True); self.o = nn.Linear(48, K + 1)
    def forward(self, x): return self.o(self.g(x)[0]).log_softmax(2).transpose(0, 1)
m = R(); opt = torch.optim.Adam(m.parameters(), lr=4e-3); ctc = nn.CTCLoss()
def L(x, y): n = len(x); return ctc(m(x), y, torch.full((n,), T), torch.full((n,), 4))
for s in range(350):
    i = torch.randint(0, 1000, (32,)); l = L(X[i], Y[i]); opt.zero_grad(); l.backward(); nn.utils.clip_grad_norm_(m.parameters(), 5.0); opt.step()
    if s % 50 == 49:
        with torch.no_grad(): print(s + 1, round(l.item(), 4), "val", round(L(X[1000:], Y[1000:]).item(), 4))

import torch, torch.nn as nn
torch.set_num_threads(1); torch.manual_seed(25)
P = torch.randn(6, 8)
def mk(n, U=4, T=16):
    y = torch.randint(1, 6, (n, U)); x = .3 * torch.randn(n, T, 8)
    for i in range(n):
        s = torch.randint(0, 2, (U,))
        for j in range(U): x[i, 4 * j + s[j]:4 * j + s[j] + 2] += P[y[i, j]]
    return x, y
X, Y = mk(1500); V, U_ = mk(300)
class N(nn.Module):
    def __init__(self):
        super().__init__(); self.g = nn.GRU(8, 32, batch_first=True, bidirectional=True); self.o = nn.Linear(64, 6)
    def forward(self, x): return self.o(self.g(x)[0]).log_softmax(2)
m = N(); ctc = nn.CTCLoss(); opt = torch.optim.Adam(m.parameters(), lr=3e-3)
def L(x, y): n = len(x); return ctc(m(x).transpose(0, 1), y, torch.full((n,), 16), torch.full((n,), 4))
for it in range(350):
    k = torch.randint(0, 1500, (32,)); l = L(X[k], Y[k]); opt.zero_grad(); l.backward(); opt.step()
    if it % 70 == 0: print(it, l.item())
with torch.no_grad(): print("train", L(X, Y).item(), "held-out", L(V, U_).item())

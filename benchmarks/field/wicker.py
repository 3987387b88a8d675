import torch, torch.nn as nn, torch.nn.functional as F
torch.manual_seed(20)
V = 20
P = torch.softmax(torch.randn(V, V) * 1.3, 1)
def text(n):
    s = [0]
    for _ in range(n): s.append(int(torch.multinomial(P[s[-1]], 1)))
    return torch.tensor(s)
train, held = text(600), text(2000)
def windows(s, n, T=16):
    i = torch.randint(0, len(s) - T - 1, (n,))
    w = s[i[:, None] + torch.arange(T + 1)]
    return w[:, :-1], w[:, 1:]
class LM(nn.Module):
    def __init__(self):
        super().__init__()
        self.e = nn.Embedding(V, 24); self.r = nn.LSTM(24, 48, batch_first=True); self.o = nn.Linear(48, V)
    def forward(self, x): return self.o(self.r(self.e(x))[0])
lm = LM()
opt = torch.optim.Adam(lm.parameters(), lr=4e-3)
def loss_on(s, n):
    a, b = windows(s, n)
    return F.cross_entropy(lm(a).flatten(0, 1), b.flatten())
for k in range(500):
    loss = loss_on(train, 32)
    opt.zero_grad(); loss.backward(); opt.step()
    if k % 50 == 0:
        with torch.no_grad(): print(k, round(loss.item(), 4), round(loss_on(held, 200).item(), 4))
with torch.no_grad():
    print('train', round(loss_on(train, 400).item(), 4), 'held-out', round(loss_on(held, 400).item(), 4))
